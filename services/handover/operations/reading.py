"""Read a package out of the stores: any range of its ZIP or TAR, every byte proved on the way, from whichever copy."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress
from functools import partial
from uuid import UUID
from zlib import crc32

from services.handover.context import Context
from services.handover.domain.layout import Form, LaidFile, Layout
from services.handover.errors import CopiesDamaged, ManifestDamaged
from services.handover.models import Package
from services.handover.operations.building import read_manifest
from services.handover.operations.generated import GeneratedFiles
from services.handover.shelf import Taken
from shared.eark.errors import SourceDisagrees
from shared.eark.virtual_tar import VirtualTar
from shared.eark.virtual_zip import VirtualZip, closing
from shared.eark.zip_headers import ZipEntry
from shared.errors import TransferBroken
from shared.events.handover import PackageDamaged
from shared.ids import DossierId, PackageId
from shared.storage.port import MIB, FixityLost, NotStored, Store, StoreUnavailable
from shared.uow import Caller

log = logging.getLogger(__name__)


class MibDamaged(FixityLost):
    """What was read is not what was stored."""


async def tar_of(context: Context, package: Package) -> VirtualTar:
    """Give the TAR of a package that is built. Raises CopiesDamaged."""
    return (await taken_from(context, package)).layout.tar


async def taken_from(context: Context, package: Package) -> Taken:
    """Take a package from the shelf. Raises CopiesDamaged."""
    return await context.shelf.take(package.id, partial(fetched, context))


async def read_package(
    context: Context, package: Package, start: int, length: int, form: Form = Form.ZIP
) -> AsyncGenerator[bytes, None]:
    """Stream a range of a package's ZIP or TAR. Raises RangeUnsatisfiable, StoreUnavailable, TransferBroken.

    Nothing wrong leaves: where both copies of a MiB are wrong, the transfer is broken off before it and ingest told.
    """
    taken = await taken_from(context, package)
    whole: VirtualZip | VirtualTar = taken.layout.tar if form is Form.TAR else taken.layout.zip
    generated = GeneratedFiles(context.database, package.id, taken.layout)

    async def content(entry: ZipEntry, begin: int, size: int) -> AsyncGenerator[bytes, None]:
        if not entry.source:
            body = await generated.body(entry.path)
            if crc32(body) != entry.crc32:
                raise SourceDisagrees(f"{entry.path} is not what was laid out")
            yield body[begin : begin + size]
            return
        copies = [context.archive, context.reserve]
        if taken.layout.by_path[entry.path].from_reserve:
            copies.reverse()
        async with aclosing(read_proven(copies, entry, taken.sums_of(entry), begin, begin + size)) as chunks:
            async for chunk in chunks:
                yield chunk

    try:
        async with aclosing(whole.stream(start, length, read=content, is_proven=True)) as chunks:
            async for chunk in chunks:
                yield chunk
    except (NotStored, FixityLost) as damage:
        await tell_damage(context, package, str(damage))
        raise TransferBroken(f"package {package.id}: {damage}") from damage


async def tell_damage(context: Context, package: Package, what: str) -> None:
    """Pass on that a file of a package is right in no copy, so that its dossier's copies are checked at once."""
    async with context.database.writing(Caller("handover")) as uow:
        told = PackageDamaged(package_id=PackageId(package.id), dossier_id=DossierId(package.dossier_id), detail=what)
        uow.publish(told)
        uow.record("package.damaged", package.id, detail=what)


async def fetched(context: Context, package_id: UUID) -> Taken:
    """Take a package off the database, and the sums of its files out of the dossier's manifest.

    A large one is parsed in a thread: others are served meanwhile.
    """
    async with context.database.reading() as session:
        package = await session.get_one(Package, package_id)
    layout = await asyncio.to_thread(Layout.load, str(package.layout))
    sums: dict[str, Sequence[int]] = {}
    with suppress(ManifestDamaged):
        manifest = await read_manifest(context, package)
        listed = (*manifest.masters.files, *manifest.aip.files)
        sums = {file.key: file.mib_crc32 for file in listed if file.mib_crc32}
    for file in layout.files:
        if file.key and file.size > MIB and file.key not in sums:
            sums[file.key] = await sums_read(context, file)
    return Taken(layout, sums)


async def sums_read(context: Context, file: LaidFile) -> Sequence[int]:
    """Read a file for the sums that nobody wrote down, from a copy that is right. Raises CopiesDamaged."""
    for store in (context.archive, context.reserve):
        with suppress(NotStored, FixityLost):
            found = await store.read_back(file.key)
            if found.sha256 == file.sha256:
                return found.mib_crc32
    raise CopiesDamaged(file.key)


async def read_proven(
    copies: Sequence[Store], entry: ZipEntry, sums: Sequence[int], begin: int, end: int
) -> AsyncGenerator[bytes, None]:
    """Give the bytes of a file from `begin` to `end`, each MiB held against its CRC-32 before any of it leaves.

    What one copy has wrong comes from the next. Raises what the last of them raised.
    """
    mib, turn, failures = begin // MIB, 0, 0
    while mib * MIB < end:
        try:
            async with aclosing(mibs(copies[turn], entry, mib, -(-end // MIB))) as bodies:
                async for body in bodies:
                    if crc32(body) != sums[mib]:
                        raise MibDamaged(f"MiB {mib} of {entry.source}")
                    yield body[max(0, begin - mib * MIB) : end - mib * MIB]
                    mib, failures = mib + 1, 0
        except (NotStored, StoreUnavailable, FixityLost) as failure:
            log.error("%s of %s: %s", entry.source, copies[turn].name, failure)
            failures, turn = failures + 1, (turn + 1) % len(copies)
            if failures == len(copies):
                raise


async def mibs(store: Store, entry: ZipEntry, first: int, stop: int) -> AsyncGenerator[bytes, None]:
    """Read whole MiBs of a file, the last one of what is left of it. Raises what reading does, MibDamaged."""
    begin, end = first * MIB, min(stop * MIB, entry.size)
    gathered, given = bytearray(), begin
    async with (
        closing(store.read(entry.source, start=begin, length=end - begin)) as stored,
        aclosing(read_ahead(stored)) as chunks,
    ):
        async for chunk in chunks:
            given += len(chunk)
            if not gathered and len(chunk) == MIB:
                yield chunk
                continue
            gathered += chunk
            while len(gathered) >= MIB:
                yield bytes(gathered[:MIB])
                del gathered[:MIB]
    if given != end:
        raise MibDamaged(f"{entry.source} ends at {given} instead of {end}")
    if gathered:
        yield bytes(gathered)


async def read_ahead(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Give chunks, each one read while the one before it is on its way."""
    coming = asyncio.ensure_future(anext(chunks, None))
    try:
        while (chunk := await coming) is not None:
            coming = asyncio.ensure_future(anext(chunks, None))
            yield chunk
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
