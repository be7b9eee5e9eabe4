"""A TAR that is nowhere, like the ZIP of the same entries: any of its bytes is made when it is asked for."""

from array import array
from bisect import bisect_right
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from hashlib import sha256

from shared.eark.errors import RangeUnsatisfiable, UnsafePath
from shared.eark.tar_headers import end_of_archive, padding, tar_header
from shared.eark.virtual_zip import Read, cut, entry_bytes
from shared.eark.zip_headers import ZipEntry


class VirtualTar:
    """A TAR over files that lie elsewhere; the same entries in the same order give the same bytes.

    Holds 8 bytes an entry beside the entries themselves. `mark` tells two of these apart by whatever is in their
    headers, and by where their bytes come from. Raises UnsafePath for a name that is there twice.
    """

    def __init__(self, entries: Sequence[ZipEntry]) -> None:
        self.entries = entries
        self._starts = array("Q")
        layout, at = sha256(), 0
        for entry in entries:
            self._starts.append(at)
            header = tar_header(entry)
            layout.update(header)
            layout.update(f"{entry.crc32} {entry.source}\n".encode())
            at += len(header) + entry.size + padding(entry.size)
        self._end_at, self._end = at, end_of_archive(at)
        self.size = at + len(self._end)
        self.mark = layout.hexdigest()
        if len({entry.path for entry in entries}) != len(entries):
            raise UnsafePath("two entries of one name")

    async def stream(
        self, start: int = 0, length: int | None = None, *, read: Read, is_proven: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Give `length` bytes from `start`, as `VirtualZip.stream` does of the ZIP. Raises what that raises."""
        stop = self.size if length is None else start + length
        if not 0 <= start <= stop <= self.size:
            raise RangeUnsatisfiable(f"bytes {start} to {stop} of {self.size}")
        for position in range(max(0, bisect_right(self._starts, start) - 1), len(self.entries)):
            at = self._starts[position]
            if at >= stop:
                return
            entry = self.entries[position]
            header = tar_header(entry)
            body = entry_bytes(entry, header, start - at, stop - at, read, is_proven=is_proven)
            async with aclosing(body) as chunks:
                async for chunk in chunks:
                    yield chunk
            filled = at + len(header) + entry.size
            if blank := cut(bytes(padding(entry.size)), start - filled, stop - filled):
                yield blank
        if last := cut(self._end, start - self._end_at, stop - self._end_at):
            yield last
