"""A ZIP that is nowhere: laid out by arithmetic, any of its bytes made when asked for (APPNOTE 6.3.10)."""

from array import array
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from hashlib import sha256
from zlib import crc32

from shared.eark.errors import RangeUnsatisfiable, SourceDisagrees, UnsafePath
from shared.eark.zip_headers import ZipEntry, central_header, end_of_directory, local_header, local_length

Read = Callable[[ZipEntry, int, int], AsyncIterator[bytes]]
PORTION = 1 << 16


class VirtualZip:
    """A stored ZIP over files that lie elsewhere; the same entries in the same order give the same bytes.

    No data descriptors, since Java's ZipInputStream refuses them on stored entries. ZIP64 fields where a number does
    not fit, only there. Holds 16 bytes an entry beside the entries themselves. Raises UnsafePath for a name that is
    absolute, climbs out, or is there twice.
    """

    def __init__(self, entries: Sequence[ZipEntry]) -> None:
        self.entries = entries
        self._starts = array("Q")
        self._directory_starts = array("Q")
        layout, at, directory_length = sha256(), 0, 0
        for entry in entries:
            self._starts.append(at)
            self._directory_starts.append(directory_length)
            central = central_header(entry, at)
            layout.update(central)
            layout.update(f"{entry.source}\n".encode())
            at += local_length(entry) + entry.size
            directory_length += len(central)
        self._directory_at, self._directory_length = at, directory_length
        self._end = end_of_directory(len(entries), at, directory_length)
        self.size = at + directory_length + len(self._end)
        self.etag = f'"{layout.hexdigest()}"'  # strong (RFC 9110 §8.8.3): quoted, as the header wants it
        if len({entry.path for entry in entries}) != len(entries):
            raise UnsafePath("two entries of one name")

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
        if start < self._directory_at:
            first = bisect_right(self._starts, start) - 1
            for position in range(first, len(self.entries)):
                at = self._starts[position]
                if at >= stop:
                    return
                entry = self.entries[position]
                header = local_header(entry)
                body = entry_bytes(entry, header, start - at, stop - at, read, is_proven=is_proven)
                async with aclosing(body) as chunks:
                    async for chunk in chunks:
                        yield chunk
        for portion in self._directory(start, stop):
            yield portion

    def _directory(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the bytes of the central directory, and of the end after it, that lie in a range of the whole."""
        start, stop = start - self._directory_at, stop - self._directory_at
        gathered = bytearray()
        first = max(0, bisect_right(self._directory_starts, max(0, start)) - 1)
        for position in range(first, len(self.entries)):
            at = self._directory_starts[position]
            if at >= stop:
                break
            gathered += cut(central_header(self.entries[position], self._starts[position]), start - at, stop - at)
            if len(gathered) >= PORTION:
                yield bytes(gathered)
                gathered.clear()
        gathered += cut(self._end, start - self._directory_length, stop - self._directory_length)
        if gathered:
            yield bytes(gathered)


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
