"""Prove a package that is laid out: read every byte of it once more, for its digest, before it is offered."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

from services.handover.context import Context
from services.handover.domain.layout import LaidFile
from services.handover.domain.state import PackageState
from services.handover.layout_models import PackageLayout
from services.handover.models import Package
from services.handover.operations.building import read_right
from services.handover.operations.generated import GeneratedFiles
from services.handover.operations.layouts import FrozenPortions, amend_layout, zip_of
from services.handover.operations.older_layouts import layout_of
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.readiness import become_ready
from services.handover.operations.unlisting import demand_listed
from services.handover.operations.withdrawing import locked_package
from shared.eark.zip_headers import ZipEntry
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.storage.port import MIB
from shared.uow import Caller, UnitOfWork


async def prove_package(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `prove_package`; doing it again comes to the same."""
    async with context.database.reading() as session:
        package = await session.get_one(Package, job.subject_id)
        await demand_sound(session, [package])
        await demand_listed(session, [package])
    if package.state != PackageState.WAITING:  # withdrawn meanwhile, or proved by another who was thought dead
        return
    laid = await layout_of(context, package.id)
    digest, found = await digest_of(context, package.id, laid, progress)
    size = zip_of(laid, FrozenPortions(context.database, package.id)).size
    async with progress.concluding(Caller("handover"), {"sha256": digest, "size": size}) as uow:
        await write_down(uow, package, found, digest)


async def digest_of(
    context: Context, package_id: UUID, laid: PackageLayout, progress: Progress
) -> tuple[str, dict[int, list[LaidFile]]]:
    """Give the SHA-256 of the whole ZIP, having proved every file in it, and what reading told of files.

    That is which are good in reserve only, and sums that nobody had right, by the place of their portion. Raises
    CopiesDamaged.
    """
    found: dict[int, list[LaidFile]] = defaultdict(list)
    portions = FrozenPortions(context.database, package_id)
    generated = GeneratedFiles(context.database, package_id, portions)
    digest = sha256()
    done = 0

    async def content(entry: ZipEntry, _start: int, _length: int) -> AsyncIterator[bytes]:
        nonlocal done
        done += 1
        if done % 50 == 0:
            await progress.tell(done, laid.file_count)
        file = portions.files[entry.path]
        if not file.key:
            async for chunk in generated.read(file, 0, file.size):
                yield chunk
            return
        store, read = await read_right(context, file.key, file.sha256)
        sums = read.mib_crc32 if file.size > MIB else ()
        right = replace(file, from_reserve=store is context.reserve, mib_crc32=sums)
        if right != file:
            found[portions.place].append(right)
        async for chunk in store.read(file.key):
            yield chunk

    async for chunk in zip_of(laid, portions).stream(read=content):
        digest.update(chunk)
    return digest.hexdigest(), found


async def write_down(uow: UnitOfWork, package: Package, found: Mapping[int, Sequence[LaidFile]], digest: str) -> None:
    """Call a package built; the delivery is ready when its last package is."""
    _, row = await locked_package(uow, package.id)
    if row.state != PackageState.WAITING:
        return
    row.sha256, row.state = digest, PackageState.BUILT
    await amend_layout(uow, package.id, found)
    uow.record("package.built", package.id, sha256=digest, size=row.size)
    await become_ready(uow, package.delivery_id)
