"""The central directory of a ZIP, read with distrust: every number is checked before it is used."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shared.eark.fault import Damaged
from shared.eark.source import MOST_FILES
from shared.eark.zip_headers import central_record, end_of_directory

END = struct.Struct("<4s4H2IH")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
CENTRAL = struct.Struct("<4s2H4H3I5H2I")
SECOND_NAME = 0x7075
LARGEST_DIRECTORY = 1 << 29
NEWEST_VERSION = 63  # of the format, in tenths: what Python and unzip read; one that asks for more is read by neither
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
WIDE = (FULL_16, FULL_16, FULL_32, FULL_32)


@dataclass(frozen=True, slots=True)
class Member:
    """A file as the central directory has it; `at` is the offset of its local header, `mode` its Unix mode or 0.

    `is_spelt` says that the directory spells it as ours do, to the byte.
    """

    name: str
    raw_name: bytes
    flags: int
    method: int
    moment: tuple[int, int]
    crc32: int
    packed: int
    size: int
    at: int
    mode: int
    is_spelt: bool


def read_directory(file: BinaryIO, length: int) -> tuple[list[Member], int, bool]:
    """Give the members of a ZIP of `length` bytes, the offset at which its directory begins, and whether the records
    of its end are spelt as ours are.

    Nothing may follow the end record, and the directory must end where the end records begin. Raises Damaged, OSError.
    """
    count, directory_length, at, end = read_end(file, length)
    if at + directory_length != end:
        raise Damaged("zip_layout", "", f"{at} + {directory_length} != {end}")
    if count > MOST_FILES or directory_length > LARGEST_DIRECTORY:
        raise Damaged("too_many_files", "", f"{count}, {directory_length} B")
    file.seek(at)
    members, used = [], 0
    for _ in range(count):
        member, taken = read_member(file)
        members.append(member)
        used += taken
        if used > directory_length:
            break
    if used != directory_length:
        raise Damaged("zip_layout", "", f"{used} != {directory_length}")
    spelt = end_of_directory(count, at, directory_length)
    return members, at, take(file, end, length - end) == spelt


def read_end(file: BinaryIO, length: int) -> tuple[int, int, int, int]:
    """Give the number of members, length and offset of the directory, and where the end records begin."""
    at_end = length - END.size
    if at_end < 0:
        raise Damaged("zip_unreadable", "", f"{length} B")
    signature, disk, first_disk, here, count, directory_length, at, comment = END.unpack(take(file, at_end, END.size))
    if signature != b"PK\5\6" or comment:
        before = max(0, at_end - FULL_16)
        behind = b"PK\5\6" in take(file, before, at_end - before + 3)  # a whole end record, and something after it
        raise Damaged("zip_trailing_bytes" if behind else "zip_unreadable")
    found = (disk, first_disk, here, count, directory_length, at, at_end)
    if (wide := read_wide_end(file, at_end)) is not None:
        fits = all(short in (full, long) for short, long, full in zip(found[2:6], wide[2:6], WIDE, strict=True))
        if not fits:
            raise Damaged("zip_header_disagrees", "", "ZIP64")
        found = wide
    if found[:2] != (0, 0) or found[2] != found[3]:
        raise Damaged("zip_unreadable", "", "disks")
    return found[3], found[4], found[5], found[6]


def read_wide_end(file: BinaryIO, at_end: int) -> tuple[int, int, int, int, int, int, int] | None:
    """Read the ZIP64 records before the end record: disks, counts, length, offset, and where they begin."""
    if at_end < LOCATOR.size + END_64.size:
        return None
    at = at_end - LOCATOR.size
    signature, disk, at_record, disks = LOCATOR.unpack(take(file, at, LOCATOR.size))
    if signature != b"PK\6\7":
        return None
    record = END_64.unpack(take(file, at - END_64.size, END_64.size))
    if (disk, disks, at_record) != (0, 1, at - END_64.size) or record[:2] != (b"PK\6\6", END_64.size - 12):
        raise Damaged("zip_layout", "", "ZIP64")
    return record[4], record[5], record[6], record[7], record[8], record[9], at - END_64.size


def read_member(file: BinaryIO) -> tuple[Member, int]:
    """Read the next entry of the directory and say how many bytes it took."""
    head = take(file, None, CENTRAL.size)
    fixed = CENTRAL.unpack(head)
    signature, _, version, flags, method, time, date, crc, packed, size, names, extras, comments, disk = fixed[:14]
    if signature != b"PK\1\2" or disk not in (0, FULL_16):
        raise Damaged("zip_unreadable", "", "PK\\1\\2")
    raw_name, extra = take(file, None, names), take(file, None, extras)
    comment = take(file, None, comments)
    name = raw_name.decode("utf-8", "surrogateescape")
    if version & 0xFF > NEWEST_VERSION:
        raise Damaged("zip_unreadable", raw_name.decode("utf-8", "replace"), f"> {NEWEST_VERSION}")
    demand_one_name(raw_name, extra)
    size, packed, at = widened(extra, (size, packed, fixed[16]))
    mode = fixed[15] >> 16 if fixed[1] >> 8 == 3 else 0
    is_spelt = head + raw_name + extra + comment == central_record(raw_name, size, crc, (time, date), at)
    member = Member(name, raw_name, flags, method, (time, date), crc, packed, size, at, mode, is_spelt)
    return member, CENTRAL.size + names + extras + comments


def fields_of(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the fields of an extra field, each with its kind."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        yield kind, extra[4 : 4 + length]
        extra = extra[4 + length :]


def demand_one_name(raw_name: bytes, extra: bytes) -> None:
    """Refuse a field that gives a file a second name, which some readers take (Info-ZIP 0x7075). Raises Damaged."""
    for kind, field in fields_of(extra):
        if kind == SECOND_NAME and field[5:] != raw_name:
            raise Damaged("zip_header_disagrees", raw_name.decode("utf-8", "replace"), "0x7075")


def widened(extra: bytes, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Put the ZIP64 extra field's numbers in place of those that are all ones. Raises Damaged for too few."""
    field = dict(fields_of(extra)).get(1, b"")
    wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    try:
        return tuple(next(wide) if number == FULL_32 else number for number in numbers)
    except (StopIteration, RuntimeError) as short:
        raise Damaged("zip_unreadable", "", "ZIP64") from short


def take(file: BinaryIO, at: int | None, length: int) -> bytes:
    """Read exactly `length` bytes, from `at` or from here. Raises Damaged when the file is shorter."""
    if at is not None:
        file.seek(at)
    found = file.read(length)
    if len(found) != length:
        raise Damaged("zip_unreadable", "", f"-{length - len(found)} B")
    return found
