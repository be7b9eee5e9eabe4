"""Seal a dossier: masters first, then the AIP, each into both stores, every byte read back; only then preserved.

Names and times were frozen when sealing was ordered, so a sealing that was killed resumes to the same bytes: what
lies there already is read back and compared instead of written.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from services.ingest.context import Context
from services.ingest.domain.state import DossierState, advance
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import Copy, Master, Page, ScanOrder, Sealing
from services.ingest.operations.accepting import accepted_pages, digest_of
from shared.clock import now
from shared.eark.build import Package, build, describe
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.names import folder_name, path_name
from shared.eark.package import GeneratedFile, PackagedPage, PackageFile, PackageHead, data_path
from shared.events.ingest import DossierPreserved
from shared.events.qc import DossierAccepted
from shared.ids import DossierId, FondsId
from shared.imaging.formats import EXTENSIONS
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.digest import streamed
from shared.storage.port import AlreadyStored, FixityLost, Store
from shared.uow import Caller

AT_ONCE = 4


@dataclass(frozen=True)
class Sealed:
    """Everything a sealing works from, read once."""

    order: ScanOrder
    sealing: Sealing
    accepted: DossierAccepted
    pages: Sequence[tuple[Page, Master]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of a package with its key in the stores and where its bytes come from."""

    file: PackageFile
    key: str
    content: bytes | None
    source_key: str | None
    page: PackagedPage | None = None


async def seal_dossier(context: Context, job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `seal_dossier`; doing it again comes to the same."""
    sealed = await read_sealing(context, job.subject_id)
    masters, aip = masters_package(sealed), aip_package(sealed)
    sources = {page.number: master.key for page, master in sealed.pages}
    placed = [*places(sealed, masters, sources), *places(sealed, aip, {})]
    done = 0

    async def told(count: int) -> None:
        nonlocal done
        done += count
        await progress.tell(done, len(placed) + 1)

    for package in (masters, aip):
        files = [each for each in placed if each.key.startswith(folder_of(sealed, package.head.objid))]
        await keep_twice(context, files, told)
        await note_copies(context, sealed, package.head.objid, files)
    manifest = manifest_of(sealed, masters, placed)
    await keep_twice(context, [manifest_place(sealed, manifest)], told)
    await conclude(context, sealed, manifest)
    return {"files": len(placed), "manifest_sha256": manifest_file(manifest).as_file.sha256}


async def read_sealing(context: Context, dossier_id: UUID) -> Sealed:
    """Read what is to be sealed. Raises AcceptedPagesDiffer when that is not what was accepted."""
    async with context.database.reading() as session:
        order = await session.get_one(ScanOrder, dossier_id)
        sealing = await session.get_one(Sealing, dossier_id)
        accepted = DossierAccepted.model_validate_json(sealing.acceptance)
        pages = await accepted_pages(session, accepted)
    if len(pages) != accepted.accepted_count or digest_of(pages) != accepted.pages_sha256:
        raise AcceptedPagesDiffer
    return Sealed(order, sealing, accepted, pages)


def masters_package(sealed: Sealed) -> Package:
    """Lay out the masters as scanned."""
    pages = [
        PackagedPage(
            page.number,
            master.version,
            PackageFile(
                data_path(page.number, EXTENSIONS[master.media_type]),
                master.size,
                master.sha256,
                master.crc32,
                master.media_type,
            ),
        )
        for page, master in sealed.pages
    ]
    return package_of(sealed, sealed.sealing.masters_objid, "", pages)


def aip_package(sealed: Sealed) -> Package:
    """Lay out the AIP: the description, naming the masters; its reading form (PDF/A) is not built yet."""
    return package_of(sealed, sealed.sealing.aip_objid, sealed.sealing.masters_objid, [])


def package_of(sealed: Sealed, objid: str, belongs_to: str, pages: Sequence[PackagedPage]) -> Package:
    """Build one package of the dossier."""
    head = PackageHead(
        objid=objid,
        label=sealed.order.title,
        package_type="AIP",
        created_at=sealed.sealing.begun_at,
        fonds_code=sealed.order.fonds_code,
        belongs_to=belongs_to,
    )
    left_out = [rejected.model_dump(mode="json") for rejected in sealed.accepted.rejected]
    description = describe(head, json.loads(sealed.order.approval), json.loads(sealed.order.documents), pages, left_out)
    return build(head, description, pages)


def folder_of(sealed: Sealed, objid: str) -> str:
    """Give the folder of a package in the stores."""
    return f"{path_name(sealed.order.fonds_code)}/{folder_name(objid)}/"


def places(sealed: Sealed, package: Package, sources: dict[int, str]) -> list[Placed]:
    """Give every file of a package its key and its source; METS files come last, so that they crown what is there."""
    folder = folder_of(sealed, package.head.objid)
    pages = [Placed(page.file, folder + page.file.path, None, sources[page.number], page) for page in package.pages]
    return pages + [Placed(file.as_file, folder + file.path, file.content, None) for file in package.generated]


async def keep_twice(context: Context, files: Sequence[Placed], told: Callable[[int], Awaitable[None]]) -> None:
    """Write files to archive and reserve and read each copy back, a few at a time."""
    hands = asyncio.Semaphore(AT_ONCE)

    async def keep(placed: Placed) -> None:
        async with hands:
            await asyncio.gather(keep_in(context, context.archive, placed), keep_in(context, context.reserve, placed))

    step = 100
    for begin in range(0, len(files), step):
        portion = files[begin : begin + step]
        async with asyncio.TaskGroup() as group:
            for placed in portion:
                group.create_task(keep(placed))
        await told(len(portion))


async def keep_in(context: Context, store: Store, placed: Placed) -> None:
    """Write one file to one store unless it is there, and read it back. Raises FixityLost."""
    file = placed.file
    body = streamed(placed.content) if placed.content is not None else context.incoming.read(str(placed.source_key))
    with suppress(AlreadyStored):  # from a sealing that was killed; the bytes are compared all the same
        await store.put_new(placed.key, body, size=file.size, sha256=file.sha256)
    back = await store.read_back(placed.key)
    if (back.size, back.sha256, back.crc32) != (file.size, file.sha256, file.crc32):
        raise FixityLost(f"{store.name}: {placed.key}")


async def note_copies(context: Context, sealed: Sealed, objid: str, files: Sequence[Placed]) -> None:
    """Write down that both copies of a package are verified."""
    async with context.database.writing(Caller("ingest")) as uow:
        for store in (context.archive, context.reserve):
            await uow.session.merge(
                Copy(
                    objid=objid,
                    store=store.name,
                    dossier_id=sealed.order.dossier_id,
                    file_count=len(files),
                    byte_count=sum(placed.file.size for placed in files),
                    verified_at=now(),
                )
            )
        uow.record("copies.verified", sealed.order.dossier_id, objid=objid, files=len(files))


def manifest_of(sealed: Sealed, masters: Package, placed: Sequence[Placed]) -> Manifest:
    """List every file of both packages."""
    in_masters = folder_of(sealed, masters.head.objid)
    return Manifest(
        dossier_id=str(sealed.order.dossier_id),
        fonds_code=sealed.order.fonds_code,
        file_code=sealed.order.file_code,
        masters_objid=sealed.sealing.masters_objid,
        aip_objid=sealed.sealing.aip_objid,
        files=tuple(
            ManifestFile(
                objid=sealed.sealing.masters_objid if each.key.startswith(in_masters) else sealed.sealing.aip_objid,
                path=each.file.path,
                key=each.key,
                size=each.file.size,
                sha256=each.file.sha256,
                crc32=each.file.crc32,
                media_type=each.file.media_type,
                page_number=each.page.number if each.page else None,
                page_version=each.page.version if each.page else None,
            )
            for each in placed
        ),
    )


def manifest_file(manifest: Manifest) -> GeneratedFile:
    """Give the manifest as a file."""
    return GeneratedFile("manifest.json", manifest.canonical(), "application/json")


def manifest_place(sealed: Sealed, manifest: Manifest) -> Placed:
    """Give the manifest its key: beside the packages, under the AIP's name."""
    made = manifest_file(manifest)
    key = f"{folder_of(sealed, sealed.sealing.aip_objid).rstrip('/')}.manifest.json"
    return Placed(made.as_file, key, made.content, None)


async def conclude(context: Context, sealed: Sealed, manifest: Manifest) -> None:
    """Call the dossier preserved, and tell everyone, once."""
    place = manifest_place(sealed, manifest)
    async with context.database.writing(Caller("ingest")) as uow:
        order = await uow.session.get_one(ScanOrder, sealed.order.dossier_id, with_for_update=True)
        if order.state == DossierState.PRESERVED:
            return
        order.state = advance(DossierState(order.state), DossierState.PRESERVED)
        uow.record("dossier.preserved", order.dossier_id, manifest_sha256=place.file.sha256)
        uow.publish(
            DossierPreserved(
                dossier_id=DossierId(order.dossier_id),
                fonds_id=FondsId(order.fonds_id),
                fonds_code=order.fonds_code,
                file_code=order.file_code,
                title=order.title,
                page_count=len(sealed.pages),
                byte_count=sum(file.size for file in manifest.files),
                masters_objid=manifest.masters_objid,
                aip_objid=manifest.aip_objid,
                manifest_key=place.key,
                manifest_sha256=place.file.sha256,
                verified_copies=2,
            )
        )
