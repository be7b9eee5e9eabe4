"""Build a package: read the manifest, lay the ZIP out, and read every byte once for its digest before it is offered."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version

from services.handover.context import Context
from services.handover.domain.access import demand_open
from services.handover.domain.holding import Holding
from services.handover.domain.layout import LaidFile, Layout
from services.handover.domain.state import PackageState
from services.handover.errors import CopiesDamaged, ManifestDamaged
from services.handover.models import Agreement, Delivery, Package, PackageContent, PreservedDossier
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.readiness import become_ready
from services.handover.operations.withdrawing import locked_package
from shared.eark.build import build_package as build_package_files
from shared.eark.build import reading_path, zip_entries
from shared.eark.description import DossierContent, DossierRecord, ReadingFile
from shared.eark.layout import DOSSIER, FURTHER, REPRESENTATION
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.names import folder_name
from shared.eark.package import GeneratedFile, Makers, PackageDescription, PackageFile
from shared.eark.profile import PackageForm, profile_named
from shared.eark.zip_headers import ZipEntry
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import Store, Unreadable
from shared.uow import Caller, UnitOfWork

BUILD = "build_package"
COPIES = 2  # a preserved dossier was read back in two stores; one that is good in none is not built


async def build_package(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `build_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        package = await session.get_one(Package, job.subject_id)
        dossier = await session.get_one(PreservedDossier, package.dossier_id)
        delivery = await session.get_one(Delivery, package.delivery_id)
        agreement = await session.get_one(Agreement, delivery.agreement_id)
        sibling = await session.get(Package, package.sibling_of) if package.sibling_of else None
        await demand_sound(session, [package.dossier_id])
    if package.state != PackageState.WAITING:  # withdrawn meanwhile, or built by another who was thought dead
        return
    manifest = await read_manifest(context, dossier)
    content = await content_of(context, manifest)
    demand_open(content.dossier)
    form = form_of(context, package, agreement)
    if package.holds != Holding.MASTERS:
        folder = FURTHER if package.holds == Holding.BOTH else REPRESENTATION
        content = with_readings(form, content, manifest, folder)
    described = described_as(form, package, dossier, delivery, sibling, content)
    made = build_package_files(described, content)
    layout = layout_of(package, made, content, manifest)
    generated = {f"{folder_name(package.objid)}/{file.file.path}": file.body for file in made}
    digest, mended = await digest_of(context, layout, generated, progress)
    async with progress.concluding(Caller("handover"), {"sha256": digest, "size": layout.zip.size}) as uow:
        package.file_name = f"{form.zip_name_of(package.objid, package.number)}.zip"
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


def form_of(context: Context, package: Package, agreement: Agreement) -> PackageForm:
    """Give how a package is written: as was agreed, but for images that the agreed form has no place for."""
    agreed = profile_named(agreement.profile).sip
    return context.masters_form if package.holds == Holding.MASTERS and agreed.is_simpledc else agreed


def described_as(
    form: PackageForm,
    package: Package,
    dossier: PreservedDossier,
    delivery: Delivery,
    sibling: Package | None,
    content: DossierContent,
) -> PackageDescription:
    """Describe the package: one of reading forms names the masters at home, one of masters the package beside it."""
    makers = Makers(
        "Saoluu",
        version("saoluu"),
        agency=content.fonds.archive_code,
        fonds=content.fonds.code,
        file_code=content.dossier.file_code,
        packer=delivery.packer,
    )
    return PackageDescription(
        package.objid,
        dossier.title,
        form,
        package.created_at,
        makers,
        parts=(dossier.masters_objid,) if package.holds == Holding.READINGS else (),
        whole=sibling.objid if sibling else None,
        predecessor=package.predecessor,
        copies=COPIES,
    )


def with_readings(form: PackageForm, content: DossierContent, manifest: Manifest, folder: str) -> DossierContent:
    """Give what a dossier holds with its reading forms, each where a package of this form has it in its folder."""
    code = content.dossier.file_code
    readings = [
        ReadingFile(number, content.page_count_of(number), replace(file.package_file(), path=path))
        for file in manifest.readings
        if (number := file.document_number or 0) and (path := reading_path(form, code, number, folder))
    ]
    return replace(content, readings=tuple(readings))


def layout_of(package: Package, made: Sequence[GeneratedFile], content: DossierContent, manifest: Manifest) -> Layout:
    """Order the files of the ZIP under its one folder; what is stored is read from where it was sealed."""
    data: list[PackageFile] = []
    keys: dict[str, str] = {}
    if package.holds != Holding.READINGS:
        data += [page.package_file() for page in manifest.pages]
        keys |= {page.path: page.key for page in manifest.pages}
    if content.readings:
        forms = [reading.file for reading in content.readings]
        data += forms
        keys |= {file.path: stored.key for file, stored in zip(forms, manifest.readings, strict=True)}
    files = [*(each.file for each in made), *data]
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
    row.file_name = package.file_name
    row.document_count, row.fonds_title = len(content.documents), content.fonds.title
    for path, body in generated.items():
        await uow.session.merge(PackageContent(package_id=package.id, path=path, content=body))
    uow.record("package.built", package.id, sha256=digest, size=row.size)
    await become_ready(uow, package.delivery_id)
