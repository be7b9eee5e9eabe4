"""A ZIP that is nowhere: laid out by arithmetic, any of its bytes made when asked for (APPNOTE 6.3.10)."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Self

from isal.isal_zlib import crc32

from shared.eark.errors import RangeUnsatisfiable, SourceDisagrees
from shared.eark.portions import HeldPortions, Portions, Scale, Starts
from shared.eark.zip_headers import ZipEntry, central_header, end_of_directory, local_header, local_length

Read = Callable[[ZipEntry, int, int], AsyncIterator[bytes]]


class VirtualZip:
    """A stored ZIP over files that lie elsewhere; the same entries in the same order give the same bytes.

    No data descriptors, since Java's ZipInputStream refuses them on stored entries. ZIP64 fields where a number does
    not fit, only there. `count` is of the entries, `end` the place behind the last of them; the entries themselves are
    asked for where a range touches them.
    """

    def __init__(self, portions: Portions, count: int, end: Starts) -> None:
        self._portions = portions
        self._directory_at, self._directory_length = end.zip, end.directory
        self._end = end_of_directory(count, end.zip, end.directory)
        self.size = zip_size(count, end)

    @classmethod
    def of(cls, entries: Iterable[ZipEntry]) -> Self:
        """Lay out entries that are at hand. Raises UnsafePath for a name that is there twice."""
        held = HeldPortions(entries)
        return cls(held, held.tally.count, held.tally.at)

    async def stream(
        self, start: int = 0, length: int | None = None, *, read: Read, is_proven: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Give `length` bytes from `start` (all that follow when None), reading no other byte of any source.

        `read(entry, start, length)` streams bytes of an entry's source. An entry read whole is held against its CRC-32
        before its last bytes leave, so a damaged file breaks the transfer off; not where `read` itself has proved
        every byte (`is_proven`). Raises RangeUnsatisfiable, SourceDisagrees, and what `read` raises.
        """
        stop = self.size if length is None else start + length
        if not 0 <= start <= stop <= self.size:
            raise RangeUnsatisfiable(f"bytes {start} to {stop} of {self.size}")
        if start < min(stop, self._directory_at):
            async with aclosing(self._files(start, stop, read, is_proven=is_proven)) as chunks:
                async for chunk in chunks:
                    yield chunk
        if stop > self._directory_at:
            async with aclosing(self._directory(start - self._directory_at, stop - self._directory_at)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def _files(self, start: int, stop: int, read: Read, *, is_proven: bool) -> AsyncGenerator[bytes, None]:
        """Give the bytes before the directory that lie in a range."""
        async with aclosing(self._portions.since(Scale.ZIP, start)) as portions:
            async for portion in portions:
                at = portion.at.zip
                for entry in portion.entries:
                    if at >= stop:
                        return
                    header = local_header(entry)
                    body = entry_bytes(entry, header, start - at, stop - at, read, is_proven=is_proven)
                    async with aclosing(body) as chunks:
                        async for chunk in chunks:
                            yield chunk
                    at += len(header) + entry.size

    async def _directory(self, start: int, stop: int) -> AsyncGenerator[bytes, None]:
        """Give the bytes of the central directory, and of the end after it, that lie in a range counted from its start.

        A portion of it at a time.
        """
        if start < self._directory_length:
            async with aclosing(self._portions.since(Scale.DIRECTORY, max(0, start))) as portions:
                async for portion in portions:
                    place, at = portion.at.directory, portion.at.zip
                    if place >= stop:
                        return
                    records = bytearray()
                    for entry in portion.entries:
                        records += central_header(entry, at)
                        at += local_length(entry) + entry.size
                    yield cut(bytes(records), start - place, stop - place)
        if end := cut(self._end, start - self._directory_length, stop - self._directory_length):
            yield end


def zip_size(count: int, end: Starts) -> int:
    """Give the length of a ZIP of so many entries, the last of which ends there."""
    return end.zip + end.directory + len(end_of_directory(count, end.zip, end.directory))


def cut(whole: bytes, start: int, stop: int) -> bytes:
    """Give the part of `whole` between two places that may lie outside it."""
    return whole[max(0, start) : max(0, stop)]


@asynccontextmanager
async def closing(chunks: AsyncIterator[bytes]) -> AsyncGenerator[AsyncIterator[bytes], None]:
    """Let go of a source at once, also when nobody asks for the rest of it: it may hold a connection."""
    try:
        yield chunks
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()


async def entry_bytes(
    entry: ZipEntry, header: bytes, start: int, stop: int, read: Read, *, is_proven: bool
) -> AsyncGenerator[bytes, None]:
    """Give the bytes of an entry, the header before them included, that lie in a range counted from that header."""
    if head := cut(header, start, stop):
        yield head
    begin, end = max(0, start - len(header)), min(entry.size, stop - len(header))
    if begin >= end:
        return
    held = not is_proven and begin == 0 and end == entry.size
    left, checksum = end - begin, 0
    async with closing(read(entry, begin, end - begin)) as chunks:
        async for chunk in chunks:
            left -= len(chunk)
            checksum = crc32(chunk, checksum) if held else 0
            if left < 0 or (held and left == 0 and checksum != entry.crc32):
                raise SourceDisagrees(f"{entry.path} is not what was laid out")
            yield chunk
    if left:
        raise SourceDisagrees(f"{entry.path} ended {left} bytes early")
