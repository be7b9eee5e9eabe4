"""The records a ZIP is made of (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14-16)."""

import re
import struct
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from shared.clock import VIETNAM
from shared.eark.errors import PackageMisdescribed, UnsafePath
from shared.eark.moment import demand_offset

LIMIT_16, LIMIT_32 = 0xFFFF, 0xFFFFFFFF
UTF_8_NAME = 1 << 11
MADE_BY_UNIX = 3 << 8
PLAIN_FILE = 0o100644 << 16
VERSION_PLAIN, VERSION_ZIP64 = 20, 45

UNSAFE = re.compile(r"(?:^|/)\.{0,2}(?:/|\Z)|[\\:]")  # a segment that is empty, `.` or `..`, or a foreign separator

LOCAL = struct.Struct("<4s5H3I2H")
LARGE_LOCAL = 20  # what ZIP64 adds to it
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR_64 = struct.Struct("<4sIQI")


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file of a ZIP: its name there, length, CRC-32, moment, and the key its bytes are read by.

    Raises UnsafePath, PackageMisdescribed.
    """

    path: str
    size: int
    crc32: int
    modified_at: datetime
    source: str

    def __post_init__(self) -> None:
        demand_offset(self.modified_at)
        if UNSAFE.search(self.path) or not self.path.isprintable() or len(self.path.encode()) > 1000:
            raise UnsafePath(f"no name inside a ZIP: {self.path[:200]!r}")
        if not (0 <= self.size < 1 << 62 and 0 <= self.crc32 <= LIMIT_32):
            raise PackageMisdescribed(f"an entry with impossible sums: {self.path}")


@lru_cache(maxsize=1024)
def dos_time(moment: datetime) -> tuple[int, int]:
    """Give time and date as ZIP writes them: the clock on the wall in Vietnam, even seconds, 1980 to 2107."""
    local = moment.astimezone(VIETNAM)
    if local.year < 1980:
        return 0, 1 << 5 | 1
    if local.year > 2107:
        return 23 << 11 | 59 << 5 | 29, 127 << 9 | 12 << 5 | 31
    time = local.hour << 11 | local.minute << 5 | local.second // 2
    return time, (local.year - 1980) << 9 | local.month << 5 | local.day


def zip64_extra(*numbers: int) -> bytes:
    """Give the ZIP64 extra field (4.5.3) for the numbers that do not fit where they belong; empty for none."""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def local_header(entry: ZipEntry) -> bytes:
    """Give the header that stands before the bytes of an entry."""
    return local_record(entry.path.encode(), entry.size, entry.crc32, dos_time(entry.modified_at))


def local_record(name: bytes, size: int, crc32: int, moment: tuple[int, int]) -> bytes:
    """Give the one way to spell the header before a file of ours."""
    large = size >= LIMIT_32
    extra = zip64_extra(size, size) if large else b""  # 4.5.3: here both sizes, or neither
    short = LIMIT_32 if large else size
    version = VERSION_ZIP64 if large else VERSION_PLAIN
    fixed = LOCAL.pack(b"PK\3\4", version, UTF_8_NAME, 0, *moment, crc32, short, short, len(name), len(extra))
    return fixed + name + extra


def local_length(entry: ZipEntry) -> int:
    """Say how long the header before the bytes of an entry is, without making it."""
    return LOCAL.size + len(entry.path.encode()) + (LARGE_LOCAL if entry.size >= LIMIT_32 else 0)


def central_header(entry: ZipEntry, at: int) -> bytes:
    """Give the entry of the central directory for a local header at offset `at`."""
    return central_record(entry.path.encode(), entry.size, entry.crc32, dos_time(entry.modified_at), at)


def central_length(entry: ZipEntry, at: int) -> int:
    """Say how long that is, without making it."""
    wide = 2 * (entry.size >= LIMIT_32) + (at >= LIMIT_32)
    return CENTRAL.size + len(entry.path.encode()) + (4 + 8 * wide if wide else 0)


def central_record(name: bytes, size: int, crc32: int, moment: tuple[int, int], at: int) -> bytes:
    """Give the one way to spell a file of ours in the directory."""
    sizes = (size, size) if size >= LIMIT_32 else ()
    offsets = (at,) if at >= LIMIT_32 else ()
    extra = zip64_extra(*sizes, *offsets)
    version = VERSION_ZIP64 if extra else VERSION_PLAIN
    short = min(size, LIMIT_32)
    fixed = CENTRAL.pack(
        b"PK\1\2", MADE_BY_UNIX | version, version, UTF_8_NAME, 0, *moment, crc32, short, short,
        len(name), len(extra), 0, 0, 0, PLAIN_FILE, min(at, LIMIT_32),
    )  # fmt: skip
    return fixed + name + extra


def end_of_directory(count: int, at: int, length: int) -> bytes:
    """Give what ends a ZIP whose central directory of `count` entries and `length` bytes begins at `at`."""
    short = END.pack(
        b"PK\5\6", 0, 0, min(count, LIMIT_16), min(count, LIMIT_16), min(length, LIMIT_32), min(at, LIMIT_32), 0
    )
    if count < LIMIT_16 and length < LIMIT_32 and at < LIMIT_32:
        return short
    record = END_64.pack(
        b"PK\6\6", END_64.size - 12, MADE_BY_UNIX | VERSION_ZIP64, VERSION_ZIP64, 0, 0, count, count, length, at
    )
    return record + LOCATOR_64.pack(b"PK\6\7", 0, at + length, 1) + short
