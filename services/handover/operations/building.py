"""Build a package: describe it and lay its ZIP out, by what the manifest says; no page is read or copied for it.

So a delivery of any size is laid out in minutes, and its sizes are known; reading every byte of it takes as long as the
stores need, and is a job of its own (`proving`).
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version

from sqlmodel import col, select

from services.handover.context import Context
from services.handover.domain.access import demand_open
from services.handover.domain.holding import Holding
from services.handover.domain.state import PackageState
from services.handover.errors import CopiesDamaged, ManifestDamaged
from services.handover.models import Agreement, Delivery, Package
from services.handover.operations.laying import Laid, keep_laid, layout_of, story_of
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.readiness import PROVE
from services.handover.operations.unlisting import demand_listed
from services.handover.operations.withdrawing import locked_package
from shared.eark.build import build_package as build_package_files
from shared.eark.build import reading_path
from shared.eark.description import READINGS, DossierContent, ReadingFile
from shared.eark.kept import Kept
from shared.eark.layout import DOSSIER, FURTHER, REPRESENTATION
from shared.eark.manifest import Manifest, ManifestFile
from shared.eark.package import Makers, PackageDescription
from shared.eark.profile import PackageForm, profile_named
from shared.eark.record_reading import content_of
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import Fixity, Store, Unreadable
from shared.uow import Caller, UnitOfWork

BUILD = "build_package"
COPIES = 2  # a preserved dossier was read back in two stores; one that is good in none is not built


async def build_package(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `build_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        asked = (
            select(Package, Delivery, Agreement)
            .join(Delivery, col(Delivery.id) == Package.delivery_id)
            .join(Agreement, col(Agreement.id) == Delivery.agreement_id)
        )
        package, delivery, agreement = (await session.exec(asked.where(Package.id == job.subject_id))).one()
        sibling = await session.get(Package, package.sibling_of) if package.sibling_of else None
        await demand_sound(session, [package])
        await demand_listed(session, [package])
    if package.state != PackageState.WAITING:  # withdrawn meanwhile, or built by another who was thought dead
        return
    if package.size is None:
        made = await laid_out(context, package, delivery, sibling, profile_named(agreement.profile).sip)
    else:  # by a system that was restored
        made = None
    async with progress.concluding(Caller("handover")) as uow:
        await write_down(uow, package, made)


async def laid_out(
    context: Context,
    package: Package,
    delivery: Delivery,
    sibling: Package | None,
    agreed: PackageForm,
) -> Laid:
    """Describe a package and lay it out, in a thread: others are served meanwhile, however large it is."""
    manifest = await read_manifest(context, package)
    record = await record_of(context, manifest)
    form = form_of(context, package, agreed)

    def lay_out() -> Laid:
        content = content_of(record)
        demand_open(content.dossier)
        if package.holds != Holding.MASTERS:
            folder = FURTHER if package.holds == Holding.BOTH else REPRESENTATION
            content = with_readings(form, content, manifest, folder)
        described = described_as(form, package, delivery, sibling, content)
        sealed = [file.package_file() for file in story_of(package, manifest)]
        made = build_package_files(described, content, (), sealed)
        file_name = f"{form.zip_name_of(package.objid, package.number)}.zip"
        return Laid(layout_of(package, made, content, manifest), made, content, file_name)

    return await asyncio.to_thread(lay_out)


async def read_manifest(context: Context, package: Package) -> Manifest:
    """Read the manifest that was announced of the dossier as it was gathered. Raises ManifestDamaged."""
    for store in (context.archive, context.reserve):
        content = await whole(store, package.manifest_key)
        if sha256(content).hexdigest() == package.manifest_sha256:
            return await asyncio.to_thread(Manifest.from_bytes, content)
    raise ManifestDamaged(package.manifest_key)


async def record_of(context: Context, manifest: Manifest) -> bytes:
    """Read the record of a dossier: the newest, or that sealed with its masters. Raises CopiesDamaged."""
    if manifest.record is None:
        raise CopiesDamaged(DOSSIER)
    return await proven(context, manifest.record)


def form_of(context: Context, package: Package, agreed: PackageForm) -> PackageForm:
    """Give how a package is written: as was agreed, but for images that the agreed form has no place for."""
    return context.masters_form if package.holds == Holding.MASTERS and agreed.is_simpledc else agreed


def described_as(
    form: PackageForm,
    package: Package,
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
        package.title,
        form,
        package.created_at,
        makers,
        parts=(package.masters_objid,) if package.holds == Holding.READINGS else (),
        whole=sibling.objid if sibling else None,
        predecessor=package.predecessor,
        copies=COPIES,
    )


def with_readings(form: PackageForm, content: DossierContent, manifest: Manifest, folder: str) -> DossierContent:
    """Give what a dossier holds with its reading forms, each where a package of this form has it in its folder."""
    code = content.dossier.file_code
    readings = (
        ReadingFile(number, content.page_count_of(number), replace(file.package_file(), path=path))
        for file in manifest.readings
        if (number := file.document_number or 0)
        and (path := reading_path(form, code, number, folder, is_itemised=content.is_itemised))
    )
    return replace(content, readings=Kept(READINGS, readings))


async def read_right(context: Context, key: str, expected: str) -> tuple[Store, Fixity]:
    """Give the first store whose copy of a file is right, and its sums. Raises CopiesDamaged."""
    for store in (context.archive, context.reserve):
        with suppress(Unreadable):  # a sector that is gone
            if await store.size(key) is not None and (found := await store.read_back(key)).sha256 == expected:
                return store, found
    raise CopiesDamaged(key)


async def proven(context: Context, file: ManifestFile) -> bytes:
    """Read a small file whole from a copy that is right. Raises CopiesDamaged."""
    store, _ = await read_right(context, file.key, file.sha256)
    return await whole(store, file.key)


async def whole(store: Store, key: str) -> bytes:
    """Read a small object whole; empty when it is not there."""
    if await store.size(key) is None:
        return b""
    return b"".join([chunk async for chunk in store.read(key)])


async def write_down(uow: UnitOfWork, package: Package, made: Laid | None) -> None:
    """Freeze what was laid out, and have every byte of it read."""
    _, row = await locked_package(uow, package.id)
    if row.state != PackageState.WAITING:
        return
    if made and row.size is None:
        await keep_laid(uow, row, made)
    await uow.enqueue(PROVE, package.id)
