"""Prove a package that is laid out: read every byte of it once more, for its digest, before it is offered."""

import asyncio
from collections.abc import AsyncIterator, Collection
from hashlib import sha256

from services.handover.context import Context
from services.handover.domain.layout import Layout
from services.handover.domain.state import PackageState
from services.handover.models import Package
from services.handover.operations.building import good_copy
from services.handover.operations.generated import GeneratedFiles
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.readiness import become_ready
from services.handover.operations.unlisting import demand_listed
from services.handover.operations.withdrawing import locked_package
from shared.eark.zip_headers import ZipEntry
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork


async def prove_package(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `prove_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        package = await session.get_one(Package, job.subject_id)
        await demand_sound(session, [package])
        await demand_listed(session, [package])
    if package.state != PackageState.WAITING:  # withdrawn meanwhile, or proved by another who was thought dead
        return
    layout = await asyncio.to_thread(Layout.load, str(package.layout))
    generated = GeneratedFiles(context.database, package.id, layout)
    digest, mended = await digest_of(context, layout, generated, progress)
    async with progress.concluding(Caller("handover"), {"sha256": digest, "size": layout.zip.size}) as uow:
        await write_down(uow, package, layout, mended, digest)


async def digest_of(
    context: Context, layout: Layout, generated: GeneratedFiles, progress: Progress
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
            yield await generated.body(entry.path)
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


async def write_down(uow: UnitOfWork, package: Package, layout: Layout, mended: Collection[str], digest: str) -> None:
    """Call a package built; the delivery is ready when its last package is."""
    _, row = await locked_package(uow, package.id)
    if row.state != PackageState.WAITING:
        return
    row.sha256, row.state = digest, PackageState.BUILT
    if mended:
        row.layout = layout.with_reserve(mended).dump()
    uow.record("package.built", package.id, sha256=digest, size=row.size)
    await become_ready(uow, package.delivery_id)
