"""Read a package out of the stores: any range of its ZIP or TAR, every byte proved on the way, from whichever copy."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from isal.isal_zlib import crc32

from services.handover.context import Context
from services.handover.domain.layout import Form
from services.handover.models import Package
from services.handover.operations.generated import GeneratedFiles
from services.handover.operations.layouts import FrozenPortions, tar_of, zip_of
from services.handover.operations.older_layouts import layout_of
from shared.eark.virtual_zip import closing
from shared.eark.zip_headers import ZipEntry
from shared.errors import TransferBroken
from shared.events.handover import PackageDamaged
from shared.ids import DossierId, PackageId
from shared.storage.port import MIB, FixityLost, NotStored, Store, StoreUnavailable
from shared.uow import Caller

log = logging.getLogger(__name__)


class MibDamaged(FixityLost):
    """What was read is not what was stored."""


async def read_package(
    context: Context, package: Package, start: int, length: int, form: Form = Form.ZIP
) -> AsyncGenerator[bytes, None]:
    """Stream a range of a package's ZIP or TAR. Raises RangeUnsatisfiable, StoreUnavailable, TransferBroken, what
    `layout_of` raises.

    Nothing wrong leaves: where both copies of a MiB are wrong, the transfer is broken off before it and ingest told.
    """
    laid = await layout_of(context, package.id)
    portions = FrozenPortions(context.database, package.id)
    generated = GeneratedFiles(context.database, package.id, portions)

    async def content(entry: ZipEntry, begin: int, size: int) -> AsyncGenerator[bytes, None]:
        file = portions.files[entry.path]
        copies = [context.archive, context.reserve]
        if file.from_reserve:
            copies.reverse()
        if entry.source:
            body = read_proven(copies, entry, file.sums, begin, begin + size)
        else:
            body = generated.read(file, begin, begin + size)
        async with aclosing(body) as chunks:
            async for chunk in chunks:
                yield chunk

    whole = tar_of(laid, portions) if form is Form.TAR else zip_of(laid, portions)
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
