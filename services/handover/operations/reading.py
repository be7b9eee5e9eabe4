"""Read a package's ZIP out of the stores: any range, from the archive copy, else from the reserve copy."""

from collections.abc import AsyncIterator

from services.handover.context import Context
from services.handover.models import Package
from shared.eark.zip_headers import ZipEntry
from shared.storage.port import NotStored, Store, StoreUnavailable


async def read_zip(context: Context, package: Package, start: int, length: int) -> AsyncIterator[bytes]:
    """Stream a range of a package's ZIP. Raises RangeUnsatisfiable, NotStored, StoreUnavailable."""
    layout, generated = await context.shelf.take(context.database, package)

    async def content(entry: ZipEntry, begin: int, size: int) -> AsyncIterator[bytes]:
        if entry.source:
            copies = [context.archive, context.reserve]
            if layout.by_path[entry.path].from_reserve:
                copies.reverse()
            async for chunk in read_either(copies[0], copies[1], entry.source, begin, size):
                yield chunk
        else:
            yield generated[entry.path][begin : begin + size]

    async for chunk in layout.zip.stream(start, length, read=content):
        yield chunk


async def read_either(first: Store, second: Store, key: str, start: int, length: int) -> AsyncIterator[bytes]:
    """Read from one copy, and go on from the other where the first one breaks off."""
    given = 0
    try:
        async for chunk in first.read(key, start=start, length=length):
            given += len(chunk)
            yield chunk
    except (NotStored, StoreUnavailable):
        async for chunk in second.read(key, start=start + given, length=length - given):
            yield chunk
