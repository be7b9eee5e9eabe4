"""A TAR that is nowhere, like the ZIP of the same entries: any of its bytes is made when it is asked for."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Self

from shared.eark.errors import RangeUnsatisfiable
from shared.eark.portions import HeldPortions, Portions, Scale
from shared.eark.tar_headers import end_of_archive, padding, tar_header
from shared.eark.virtual_zip import Read, cut, entry_bytes
from shared.eark.zip_headers import ZipEntry


class VirtualTar:
    """A TAR over files that lie elsewhere; the same entries in the same order give the same bytes.

    `end` is the place behind the last entry; the entries themselves are asked for where a range touches them.
    """

    def __init__(self, portions: Portions, end: int) -> None:
        self._portions = portions
        self._end_at, self._end = end, end_of_archive(end)
        self.size = tar_size(end)

    @classmethod
    def of(cls, entries: Iterable[ZipEntry]) -> Self:
        """Lay out entries that are at hand. Raises UnsafePath for a name that is there twice."""
        held = HeldPortions(entries)
        return cls(held, held.tally.at.tar)

    async def stream(
        self, start: int = 0, length: int | None = None, *, read: Read, is_proven: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Give `length` bytes from `start`, as `VirtualZip.stream` does of the ZIP. Raises what that raises."""
        stop = self.size if length is None else start + length
        if not 0 <= start <= stop <= self.size:
            raise RangeUnsatisfiable(f"bytes {start} to {stop} of {self.size}")
        if start < min(stop, self._end_at):
            async with aclosing(self._files(start, stop, read, is_proven=is_proven)) as chunks:
                async for chunk in chunks:
                    yield chunk
        if last := cut(self._end, start - self._end_at, stop - self._end_at):
            yield last

    async def _files(self, start: int, stop: int, read: Read, *, is_proven: bool) -> AsyncGenerator[bytes, None]:
        """Give the bytes of files, with what stands before and fills up behind each, that lie in a range."""
        async with aclosing(self._portions.since(Scale.TAR, start)) as portions:
            async for portion in portions:
                at = portion.at.tar
                for entry in portion.entries:
                    if at >= stop:
                        return
                    header = tar_header(entry)
                    body = entry_bytes(entry, header, start - at, stop - at, read, is_proven=is_proven)
                    async with aclosing(body) as chunks:
                        async for chunk in chunks:
                            yield chunk
                    at += len(header) + entry.size
                    if blank := cut(bytes(padding(entry.size)), start - at, stop - at):
                        yield blank
                    at += padding(entry.size)


def tar_size(end: int) -> int:
    """Give the length of a TAR, the last entry of which ends there."""
    return end + len(end_of_archive(end))
