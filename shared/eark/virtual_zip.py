"""A ZIP file that nobody ever writes: stored entries, no data descriptors, any byte range by arithmetic alone.

APPNOTE 6.3: ZIP64 fields where a size, an offset or a count does not fit. No descriptors, because readers that
stream (java.util.zip.ZipInputStream) refuse stored entries that have one; so sums must be known beforehand.
"""

import struct
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from shared.clock import VIETNAM
from shared.eark.errors import RangeUnsatisfiable

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR64 = struct.Struct("<4sIQI")
U16, U32 = 0xFFFF, 0xFFFFFFFF
UTF8 = 0x0800
PLAIN, ZIP64 = 20, 45
REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in the ZIP: its name inside, its length in bytes, its CRC-32, and what its bytes are found by."""

    name: str
    size: int
    crc32: int
    source: str


Source = Callable[[ZipEntry, int, int], AsyncIterator[bytes]]


class VirtualZip:
    """The layout of a ZIP. The same entries and moment give the same bytes."""

    def __init__(self, entries: Sequence[ZipEntry], modified_at: datetime) -> None:
        self.entries = tuple(entries)
        self._stamp = dos_time(modified_at)
        lengths = (LOCAL.size + len(entry.name.encode()) + extra_size(entry) + entry.size for entry in self.entries)
        self._begins = [0, *accumulate(lengths)]
        self._tail = self._directory()
        self.size = self._begins[-1] + len(self._tail)

    async def stream(self, read: Source, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Stream `length` bytes from `start`; `read(entry, start, length)` gives bytes of an entry's content.

        Raises RangeUnsatisfiable, and whatever `read` raises.
        """
        end = self.size if length is None else start + length
        if not 0 <= start <= end <= self.size:
            raise RangeUnsatisfiable(f"{start}-{end} of {self.size}")
        first = max(0, bisect_right(self._begins, start) - 1)
        for index in range(first, len(self.entries)):
            begin = self._begins[index]
            if begin >= end:
                return
            entry = self.entries[index]
            header = self._local(entry)
            if piece := cut(header, begin, start, end):
                yield piece
            content = begin + len(header)
            low, high = max(start, content), min(end, content + entry.size)
            if low < high:
                async for chunk in read(entry, low - content, high - low):
                    yield chunk
        if piece := cut(self._tail, self._begins[-1], start, end):
            yield piece

    def _local(self, entry: ZipEntry) -> bytes:
        name, extra = entry.name.encode(), b""
        size, needed = entry.size, PLAIN
        if size >= U32:
            extra = struct.pack("<2H2Q", 1, 16, size, size)
            size, needed = U32, ZIP64
        fields = (b"PK\x03\x04", needed, UTF8, 0, *self._stamp, entry.crc32, size, size, len(name), len(extra))
        return LOCAL.pack(*fields) + name + extra

    def _directory(self) -> bytes:
        rows = b"".join(self._central(entry, begin) for begin, entry in zip(self._begins, self.entries, strict=False))
        begin, count = self._begins[-1], len(self.entries)
        end64 = b""
        if begin >= U32 or len(rows) >= U32 or count >= U16:
            end64 = END64.pack(b"PK\x06\x06", END64.size - 12, ZIP64, ZIP64, 0, 0, count, count, len(rows), begin)
            end64 += LOCATOR64.pack(b"PK\x06\x07", 0, begin + len(rows), 1)
        few = min(count, U16)
        end = END.pack(b"PK\x05\x06", 0, 0, few, few, min(len(rows), U32), min(begin, U32), 0)
        return rows + end64 + end

    def _central(self, entry: ZipEntry, begin: int) -> bytes:
        name, large = entry.name.encode(), b""
        size, offset = entry.size, begin
        if size >= U32:
            large, size = struct.pack("<2Q", size, size), U32
        if offset >= U32:
            large, offset = large + struct.pack("<Q", offset), U32
        extra = struct.pack("<2H", 1, len(large)) + large if large else b""
        needed = ZIP64 if large else PLAIN
        made_by = 3 << 8 | needed
        fields = (b"PK\x01\x02", made_by, needed, UTF8, 0, *self._stamp, entry.crc32, size, size)
        return CENTRAL.pack(*fields, len(name), len(extra), 0, 0, 0, REGULAR_FILE, offset) + name + extra


def extra_size(entry: ZipEntry) -> int:
    """Give the length of an entry's local extra field."""
    return 20 if entry.size >= U32 else 0


def cut(piece: bytes, begin: int, start: int, end: int) -> bytes:
    """Cut out of a piece that lies at `begin` what falls between `start` and `end`."""
    return piece[max(0, start - begin) : max(0, end - begin)]


def dos_time(moment: datetime) -> tuple[int, int]:
    """Write a moment as ZIP does: Vietnam time in steps of two seconds, not before 1980."""
    local = moment.astimezone(VIETNAM)
    year = max(1980, local.year)
    return local.hour << 11 | local.minute << 5 | local.second // 2, (year - 1980) << 9 | local.month << 5 | local.day
