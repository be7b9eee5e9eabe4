"""Carry files over from an older package of the same dossier, byte for byte, from whichever copy is right."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from services.ingest.context import Context
from services.ingest.errors import CopiesIncomplete
from services.ingest.operations.packing import Placed
from shared.storage.port import AlreadyStored, DigestMismatch, FixityLost, LengthMismatch, NotStored, Store

log = logging.getLogger(__name__)


async def carry_twice(context: Context, files: Sequence[Placed], told: Callable[[int], Awaitable[None]]) -> None:
    """Write files to archive and reserve and read each copy back. Raises CopiesIncomplete, FixityLost."""
    for placed in files:
        await asyncio.gather(*(carry_into(context, store, placed) for store in (context.archive, context.reserve)))
        await told(1)


async def carry_into(context: Context, store: Store, placed: Placed) -> None:
    """Write one file to one store unless it is there: from archive, or from reserve where that is damaged."""
    file = placed.file
    for source in (context.archive, context.reserve):
        try:
            with suppress(AlreadyStored):  # from a revision that was killed; the bytes are compared all the same
                body = source.read(placed.source_key)
                await store.put_new(placed.key, body, size=file.size, sha256=file.sha256)
            break
        except (NotStored, FixityLost, DigestMismatch, LengthMismatch) as damage:
            log.error("%s cannot be carried over from %s: %s", placed.source_key, source.name, damage)
    else:
        raise CopiesIncomplete(placed.source_key)
    back = await store.read_back(placed.key)
    if (back.size, back.sha256, back.crc32) != (file.size, file.sha256, file.crc32):
        raise FixityLost(f"{store.name}: {placed.key}")
