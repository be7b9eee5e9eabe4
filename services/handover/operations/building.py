"""Build a package: read the manifest, lay the ZIP out, and read every byte once for its digest before it is offered."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version

from services.handover.context import Context
from services.handover.domain.access import demand_open
from services.handover.domain.layout import LaidFile, Layout
from services.handover.domain.state import PackageState
from services.handover.errors import CopiesDamaged, ManifestDamaged
from services.handover.models import Package, PackageContent, PreservedDossier
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.readiness import become_ready
from services.handover.operations.withdrawing import locked_package
from shared.eark.build import build_package as build_package_files
from shared.eark.build import zip_entries
from shared.eark.description import DossierContent, DossierRecord
from shared.eark.layout import DOSSIER
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.names import folder_name
from shared.eark.package import Agent, GeneratedFile, PackageDescription
from shared.eark.zip_headers import ZipEntry
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import Store, Unreadable
from shared.uow import Caller, UnitOfWork

BUILD = "build_package"


async def build_package(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `build_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        package = await session.get_one(Package, job.subject_id)
        dossier = await session.get_one(PreservedDossier, package.dossier_id)
        await demand_sound(session, [package.dossier_id])
    if package.state != PackageState.WAITING:  # withdrawn meanwhile, or built by another who was thought dead
        return
    manifest = await read_manifest(context, dossier)
    content = await content_of(context, manifest)
    demand_open(content.dossier)
    made = lay_out(package, dossier, content)
    layout = layout_of(package, made, manifest)
    generated = {f"{folder_name(package.objid)}/{file.file.path}": file.body for file in made}
    digest, mended = await digest_of(context, layout, generated, progress)
    async with progress.concluding(Caller("handover"), {"sha256": digest, "size": layout.zip.size}) as uow:
        await write_down(uow, package, content, layout.with_reserve(mended), generated, digest)


async def read_manifest(context: Context, dossier: PreservedDossier) -> Manifest:
    """Read the manifest that was announced when the dossier was preserved. Raises ManifestDamaged."""
    for store in (context.archive, context.reserve):
        content = await whole(store, dossier.manifest_key)
        if sha256(content).hexdigest() == dossier.manifest_sha256:
            return Manifest.from_bytes(content)
    raise ManifestDamaged(dossier.manifest_key)


async def content_of(context: Context, manifest: Manifest) -> DossierContent:
    """Read what a dossier holds from the record that was sealed with its masters. Raises CopiesDamaged."""
    sealed = next(file for file in manifest.masters.files if file.path == DOSSIER)
    return DossierRecord.from_bytes(await proven(context, sealed)).content()


def lay_out(package: Package, dossier: PreservedDossier, content: DossierContent) -> list[GeneratedFile]:
    """Make the SIP's own files."""
    archive = content.fonds.archive_code
    described = PackageDescription(
        objid=package.objid,
        label=dossier.title,
        package_type="SIP",
        created_at=package.created_at,
        agents=(Agent.software("Saoluu", version("saoluu")), Agent.archive(archive, archive)),
        predecessor=package.predecessor,
    )
    return build_package_files(described, content)


def layout_of(package: Package, made: Sequence[GeneratedFile], manifest: Manifest) -> Layout:
    """Order the files of the ZIP under its one folder."""
    keys = {page.path: page.key for page in manifest.pages}
    files = [*(each.file for each in made), *(page.package_file() for page in manifest.pages)]
    sums = {file.path: file.sha256 for file in files}
    folder = f"{folder_name(package.objid)}/"
    return Layout(
        [
            LaidFile(
                path=entry.path,
                size=entry.size,
                sha256=sums[entry.path.removeprefix(folder)],
                crc32=entry.crc32,
                modified_at=entry.modified_at,
                key=entry.source,
            )
            for entry in zip_entries(package.objid, files, lambda file: keys.get(file.path, ""))
        ]
    )


async def digest_of(
    context: Context, layout: Layout, generated: dict[str, bytes], progress: Progress
) -> tuple[str, set[str]]:
    """Give the SHA-256 of the whole ZIP, having proved every file in it, and which files are good in reserve only.

    Raises CopiesDamaged.
    """
    mended: set[str] = set()
    digest = sha256()
    done = 0

    async def content(entry: ZipEntry, _start: int, _length: int) -> AsyncIterator[bytes]:
        nonlocal done
        done += 1
        if done % 50 == 0:
            await progress.tell(done, len(layout.files))
        if not entry.source:
            yield generated[entry.path]
            return
        file = layout.by_path[entry.path]
        store = await good_copy(context, file.key, file.sha256)
        if store is context.reserve:
            mended.add(entry.path)
        async for chunk in store.read(file.key):
            yield chunk

    async for chunk in layout.zip.stream(read=content):
        digest.update(chunk)
    return digest.hexdigest(), mended


async def good_copy(context: Context, key: str, expected: str) -> Store:
    """Give the first store whose copy of a file is right. Raises CopiesDamaged."""
    for store in (context.archive, context.reserve):
        with suppress(Unreadable):  # a sector that is gone
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
    uow: UnitOfWork,
    package: Package,
    content: DossierContent,
    layout: Layout,
    generated: dict[str, bytes],
    digest: str,
) -> None:
    """Freeze a built package; the delivery is ready when its last package is."""
    _, row = await locked_package(uow, package.id)
    if row.state != PackageState.WAITING:
        return
    row.layout, row.sha256, row.size, row.state = layout.dump(), digest, layout.zip.size, PackageState.BUILT
    row.document_count, row.fonds_title = len(content.documents), content.fonds.title
    for path, body in generated.items():
        await uow.session.merge(PackageContent(package_id=package.id, path=path, content=body))
    uow.record("package.built", package.id, sha256=digest, size=row.size)
    await become_ready(uow, package.delivery_id)
