"""Files that stand in memory, laid out in archives by arithmetic and read from where a layout says."""

import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

from shared.eark.virtual_tar import VirtualTar
from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry

AT = datetime(2026, 6, 12, 4, 45, 37, tzinfo=UTC)
Reader = Callable[[ZipEntry, int, int], AsyncIterator[bytes]]


def entry(path: str, body: bytes, source: str = "") -> ZipEntry:
    """Describe a file."""
    return ZipEntry(path, len(body), zlib.crc32(body), AT, source or path)


def reader_of(bodies: Mapping[str, bytes]) -> Reader:
    """Read files by their source, in small pieces."""

    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        body = bodies[wanted.source][start : start + length]
        for begin in range(0, len(body), 100):
            yield body[begin : begin + 100]

    return read


async def collected(layout: VirtualTar | VirtualZip, read: Reader, start: int = 0, length: int | None = None) -> bytes:
    """Give an archive, or a range of it, at once."""
    return b"".join([chunk async for chunk in layout.stream(start, length, read=read)])
