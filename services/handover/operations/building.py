"""Build a package: read the manifest, lay the ZIP out, and read every byte once for its digest before it is offered."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256

from sqlmodel import col, select

from services.handover.context import Context
from services.handover.domain.layout import LaidFile, Layout
from services.handover.domain.state import DeliveryState, PackageState, advance
from services.handover.errors import CopiesDamaged, ManifestDamaged
from services.handover.models import Agreement, Delivery, Package, PackageContent, PreservedDossier
from shared.eark.build import Package as Sip
from shared.eark.build import build, describe
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.names import folder_name
from shared.eark.package import DESCRIPTION, PackagedPage, PackageFile, PackageHead
from shared.eark.virtual_zip import ZipEntry
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import Store
from shared.uow import Caller, UnitOfWork

BUILD = "build_package"


async def build_package(context: Context, job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `build_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        package = await session.get_one(Package, job.subject_id)
        dossier = await session.get_one(PreservedDossier, package.dossier_id)
        delivery = await session.get_one(Delivery, package.delivery_id)
        agreement = await session.get_one(Agreement, delivery.agreement_id)
    manifest = await read_manifest(context, dossier)
    sip = await lay_out(context, package, dossier, agreement, manifest)
    keys = {page.path: page.key for page in manifest.pages}
    layout = layout_of(package, sip, keys)
    generated = {f"{folder_name(package.objid)}/{file.path}": file.content for file in sip.generated}
    digest = await digest_of(context, layout, generated, progress)
    async with context.database.writing(Caller("handover")) as uow:
        await write_down(uow, package, layout, generated, digest)
    return {"sha256": digest, "size": layout.zip.size}


async def read_manifest(context: Context, dossier: PreservedDossier) -> Manifest:
    """Read the manifest that was announced when the dossier was preserved. Raises ManifestDamaged."""
    for store in (context.archive, context.reserve):
        content = await whole(store, dossier.manifest_key)
        if sha256(content).hexdigest() == dossier.manifest_sha256:
            return Manifest.model_validate_json(content)
    raise ManifestDamaged(dossier.manifest_key)


async def lay_out(
    context: Context, package: Package, dossier: PreservedDossier, agreement: Agreement, manifest: Manifest
) -> Sip:
    """Lay the SIP out from the manifest and the description that was sealed with the masters."""
    head = PackageHead(
        objid=package.objid,
        label=dossier.title,
        package_type="SIP",
        created_at=package.created_at,
        fonds_code=dossier.fonds_code,
        submission_agreement=agreement.reference,
    )
    sealed = json.loads(await proven(context, manifest.file(manifest.masters_objid, DESCRIPTION)))
    pages = [
        PackagedPage(
            page.page_number or 0,
            page.page_version or 0,
            PackageFile(page.path, page.size, page.sha256, page.crc32, page.media_type),
        )
        for page in manifest.pages
    ]
    description = describe(head, sealed["approval"], sealed["documents"], pages, sealed["left_out"])
    return build(head, description, pages)


def layout_of(package: Package, sip: Sip, keys: dict[str, str]) -> Layout:
    """Order the files of the ZIP under its one folder: what was generated first, then the pages."""
    folder = folder_name(package.objid)
    own = [file.as_file for file in reversed(sip.generated)]
    pages = [page.file for page in sip.pages]
    return Layout(
        [
            LaidFile(
                name=f"{folder}/{file.path}",
                size=file.size,
                sha256=file.sha256,
                crc32=file.crc32,
                key=keys.get(file.path, ""),
            )
            for file in (*own, *pages)
        ],
        package.created_at,
    )


async def digest_of(context: Context, layout: Layout, generated: dict[str, bytes], progress: Progress) -> str:
    """Give the SHA-256 of the whole ZIP, having proved every file in it. Raises CopiesDamaged."""
    digest = sha256()
    done = 0

    async def content(entry: ZipEntry, _start: int, _length: int) -> AsyncIterator[bytes]:
        nonlocal done
        done += 1
        if done % 50 == 0:
            await progress.tell(done, len(layout.files))
        if not entry.source:
            yield generated[entry.name]
            return
        file = layout.by_name[entry.name]
        store = await good_copy(context, file.key, file.sha256)
        async for chunk in store.read(file.key):
            yield chunk

    async for chunk in layout.zip.stream(content):
        digest.update(chunk)
    return digest.hexdigest()


async def good_copy(context: Context, key: str, expected: str) -> Store:
    """Give the first store whose copy of a file is right. Raises CopiesDamaged."""
    for store in (context.archive, context.reserve):
        if await store.size(key) is not None and (await store.read_back(key)).sha256 == expected:
            return store
    raise CopiesDamaged(key)


async def proven(context: Context, file: ManifestFile) -> bytes:
    """Read a small file whole from a copy that is right. Raises CopiesDamaged."""
    return await whole(await good_copy(context, file.key, file.sha256), file.key)


async def whole(store: Store, key: str) -> bytes:
    """Read a small object whole; empty when it is not there."""
    if await store.size(key) is None:
        return b""
    return b"".join([chunk async for chunk in store.read(key)])


async def write_down(
    uow: UnitOfWork, package: Package, layout: Layout, generated: dict[str, bytes], digest: str
) -> None:
    """Freeze a built package; the delivery is ready when its last package is."""
    row = await uow.session.get_one(Package, package.id, with_for_update=True)
    if row.state != PackageState.WAITING:
        return
    row.layout, row.sha256, row.size, row.state = layout.dump(), digest, layout.zip.size, PackageState.BUILT
    for path, content in generated.items():
        await uow.session.merge(PackageContent(package_id=package.id, path=path, content=content))
    uow.record("package.built", package.id, sha256=digest, size=row.size)
    await uow.session.flush()
    delivery = await uow.session.get_one(Delivery, package.delivery_id, with_for_update=True)
    waits = select(Package.id).where(Package.delivery_id == delivery.id, col(Package.state) == PackageState.WAITING)
    if (await uow.session.exec(waits)).first() is None:
        delivery.state = advance(DeliveryState(delivery.state), DeliveryState.READY)
