"""A package in a ZIP: stored, nothing before, between or behind its files, nothing said twice in two ways."""

import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from isal.isal_zlib import crc32

from shared.eark.fault import Damaged, Fault
from shared.eark.source import MIB, is_safe, name_faults
from shared.eark.zip_directory import Member, demand_one_name, read_directory, take, widened
from shared.eark.zip_headers import local_record

LOCAL = struct.Struct("<4s5H3I2H")
ENCRYPTED, DESCRIPTOR = 1 | 1 << 6 | 1 << 13, 1 << 3


class ZipSource:
    """Reads a ZIP without ever inflating: it gives no byte that the file on disk does not hold. Raises Damaged."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self._read_members(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise

    def _read_members(self, length: int) -> None:
        """Hold the directory against the local headers, and find the one top folder."""
        members, directory_at, is_end_spelt = read_directory(self._file, length)
        self.faults: list[Fault] = []
        self._at, misspelt = place_members(self._file, members, directory_at)
        self.misspelt = [*misspelt, *([] if is_end_spelt else [""])]
        self._members: dict[str, Member] = {}
        self.folders: set[str] = set()
        tops = {member.name.split("/")[0] if "/" in member.name else "" for member in members}
        if len(tops) != 1 or not is_safe(*tops):
            raise Damaged("several_tops", "", ", ".join(sorted(tops)))
        self.top = tops.pop()
        for member in members:
            self._note(member, member.name.removeprefix(f"{self.top}/"))
        self.sizes = {path: member.size for path, member in self._members.items()}
        self.faults += name_faults([*self.sizes, *self.folders])

    def _note(self, member: Member, path: str) -> None:
        """Enter a file under its path in the package; a folder's own entry is no file."""
        kind = stat.S_IFMT(member.mode)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            self.faults.append(Fault.of("symlink" if kind == stat.S_IFLNK else "special_file", path))
        elif path in self._members:
            self.faults.append(Fault.of("name_duplicate", path))
        elif member.name.endswith("/") and not member.size:
            self.folders |= {path.rstrip("/")} if path else set()
        else:
            self._members[path] = member

    def chunks(self, path: str) -> Iterator[bytes]:
        """Stream a file; its CRC-32 is judged after the last byte."""
        member = self._members[path]
        at, stop, checksum = self._at[member.at], self._at[member.at] + member.size, 0
        try:
            while at < stop:
                chunk = take(self._file, at, min(MIB, stop - at))
                checksum = crc32(chunk, checksum)
                at += len(chunk)
                yield chunk
        except OSError as failed:
            raise Damaged("unreadable", path, failed.strerror or "") from failed
        if checksum != member.crc32:
            raise Damaged("zip_crc_wrong", path, f"{checksum:08x} != {member.crc32:08x}")

    def close(self) -> None:
        """Close the ZIP."""
        self._file.close()


def place_members(file: BinaryIO, members: list[Member], directory_at: int) -> tuple[dict[int, int], list[str]]:
    """Give where each member's bytes begin, by the offset of its header, and which are not spelt as ours are.

    Files must lie one behind the other from the first byte to the directory: what overlaps expands like a bomb, what
    lies between or before is seen by some readers only. Raises Damaged.
    """
    begins, misspelt = dict[int, int](), list[str]()
    at = 0
    for member in sorted(members, key=lambda member: member.at):
        if member.at != at:
            raise Damaged("zip_layout", member.name, f"{member.at} != {at}")
        demand_stored(member)
        length, is_spelt = check_local_header(file, member)
        misspelt += [] if member.is_spelt and is_spelt else [member.name]
        begins[at] = at + length
        at = begins[at] + member.size
    if at != directory_at:
        raise Damaged("zip_layout", "", f"{at} != {directory_at}")
    return begins, misspelt


def demand_stored(member: Member) -> None:
    """Refuse what a stored package never holds. Raises Damaged."""
    if member.flags & ENCRYPTED:
        raise Damaged("zip_encrypted", member.name)
    if member.method != 0:
        raise Damaged("zip_compressed", member.name, f"{member.method}")
    if member.size != member.packed:
        raise Damaged("zip_sizes_impossible", member.name, f"{member.packed} != {member.size}")


def check_local_header(file: BinaryIO, member: Member) -> tuple[int, bool]:
    """Give the length of a local header that says what the directory says, and whether it is spelt as ours are.

    Raises Damaged.
    """
    head = take(file, member.at, LOCAL.size)
    signature, _, flags, method, time, date, crc, packed, size, names, extras = LOCAL.unpack(head)
    raw_name, extra = take(file, None, names), take(file, None, extras)
    demand_one_name(raw_name, extra)
    size, packed = widened(extra, (size, packed))
    # the version needed may differ: only the directory needs ZIP64 for a small file far behind
    here = (flags, method, (time, date), crc, packed, size, raw_name)
    said = (member.flags, member.method, member.moment, member.crc32, member.packed, member.size, member.raw_name)
    if signature != b"PK\3\4" or here != said or flags & DESCRIPTOR:
        raise Damaged("zip_header_disagrees", member.name)
    whole = head + raw_name + extra
    return len(whole), whole == local_record(raw_name, size, crc, member.moment)
