"""The records a TAR is made of (POSIX.1-2017, pax: ustar headers, extended ones where a field is too small)."""

from datetime import datetime

from shared.eark.zip_headers import ZipEntry

BLOCK, RECORD = 512, 10_240
LONGEST_NAME = 100
LARGEST_SIZE, LARGEST_TIME = 8**11 - 1, 8**11 - 1  # eleven octal digits: 8 GiB less a byte, the year 2242
PLAIN_FILE, EXTENDED = b"0", b"x"
MODE = 0o644
EXTENDED_NAME = b"././@PaxHeader"


def tar_header(entry: ZipEntry) -> bytes:
    """Give what stands before the bytes of an entry: its header, and an extended one before that where it needs one.

    Nobody owns the file, and its time is that of the entry: the same entry gives the same bytes.
    """
    name = entry.path.encode()
    records = b""
    if len(name) > LONGEST_NAME or not name.isascii():
        records += pax_record("path", name)
        name = entry.path.encode("ascii", "replace")[:LONGEST_NAME].rstrip(b"/")  # for readers that know no pax
    size = entry.size
    if size > LARGEST_SIZE:
        records += pax_record("size", b"%d" % size)
        size = 0
    time = tar_time(entry.modified_at)
    extended = ustar(EXTENDED_NAME, len(records), time, EXTENDED) + padded(records) if records else b""
    return extended + ustar(name, size, time, PLAIN_FILE)


def ustar(name: bytes, size: int, time: int, kind: bytes) -> bytes:
    """Give one header block; its checksum counts its own field as blanks."""
    head = b"%s%07o\0%07o\0%07o\0%011o\0%011o\0" % (name.ljust(LONGEST_NAME, b"\0"), MODE, 0, 0, size, time)
    tail = kind + bytes(100) + b"ustar\x0000" + bytes(247)  # no link, no names of owners, no device, no prefix
    checksum = sum(head) + 8 * ord(" ") + sum(tail)
    return b"%s%06o\0 %s" % (head, checksum, tail)


def pax_record(keyword: str, value: bytes) -> bytes:
    """Give a line of an extended header, which begins with its own length."""
    rest = b" %s=%s\n" % (keyword.encode(), value)
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return b"%d%s" % (length, rest)


def tar_time(moment: datetime) -> int:
    """Give a time as TAR writes it: whole seconds since 1970."""
    return min(max(int(moment.timestamp()), 0), LARGEST_TIME)


def padding(size: int) -> int:
    """Say how many NULs fill the last block of so many bytes."""
    return -size % BLOCK


def padded(body: bytes) -> bytes:
    """Fill the last block."""
    return body + bytes(padding(len(body)))


def end_of_archive(at: int) -> bytes:
    """Give what ends a TAR of `at` bytes: two empty blocks, and what is missing of a whole record."""
    return bytes(2 * BLOCK + -(at + 2 * BLOCK) % RECORD)
