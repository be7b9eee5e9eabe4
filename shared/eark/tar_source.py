"""A package in a TAR as handover serves it: in its one spelling, plain files under one folder, nothing behind them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from shared.eark.errors import PackageMisdescribed, UnsafePath
from shared.eark.fault import Damaged, Fault
from shared.eark.source import MIB, MOST_FILES, is_safe, name_faults
from shared.eark.tar_headers import BLOCK, EXTENDED, RECORD, end_of_archive, padding, tar_header
from shared.eark.zip_headers import ZipEntry

MAGIC_AT, MAGIC = 257, b"ustar"
LARGEST_EXTENDED = 4096
RECORDS = re.compile(rb"(?:[0-9]{1,4} path=([^\n]*)\n)?(?:[0-9]{1,4} size=([0-9]{1,19})\n)?")


def is_tar(path: Path) -> bool:
    """Say whether a file begins as a TAR does, and not as a ZIP."""
    with path.open("rb") as file:
        begin = file.read(BLOCK)
    return begin[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC and not begin.startswith(b"PK")


class TarSource:
    """Reads a TAR whose every header is spelt as `tar_header` spells it; any other one is Damaged.

    So there is no link, no device, no owner, and no second way to read a name or a size.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        self.misspelt: list[str] = []
        self.faults: list[Fault] = []
        self.sizes: dict[str, int] = {}
        self.folders: set[str] = set()
        self.moments: dict[str, datetime] = {}
        self._at: dict[str, int] = {}
        self.top = ""
        try:
            self._read_members(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise
        self.faults += name_faults(self.sizes)

    def _read_members(self, length: int) -> None:
        """Go from header to header to the end of the file, and find the one top folder."""
        at, count, tops = 0, 0, set()
        while (block := exactly(self._file, at, BLOCK)) != bytes(BLOCK):
            entry, begin = read_header(self._file, at, block)
            at = begin + entry.size + padding(entry.size)
            if exactly(self._file, begin + entry.size, padding(entry.size)).strip(b"\0"):
                raise Damaged("tar_malformed", entry.path, "padding")
            top, _, path = entry.path.partition("/")
            tops.add(top if path else "")
            self._note(path, entry, begin)
            count += 1
            if count > MOST_FILES:
                raise Damaged("too_many_files", "", f"> {MOST_FILES}")
        end = end_of_archive(at)
        if length - at != len(end) or exactly(self._file, at, min(len(end), 2 * RECORD)) != end:
            raise Damaged("tar_malformed", "", f"{length - at} != {len(end)}")
        if len(tops) != 1 or not is_safe(*tops):
            raise Damaged("several_tops", "", ", ".join(sorted(tops)))
        self.top = tops.pop()

    def _note(self, path: str, entry: ZipEntry, begin: int) -> None:
        """Enter a file under its path in the package."""
        if path in self.sizes:
            self.faults.append(Fault.of("name_duplicate", path))
        else:
            self.sizes[path], self.moments[path], self._at[path] = entry.size, entry.modified_at, begin

    def chunks(self, path: str) -> Iterator[bytes]:
        """Stream a file; that its bytes are right is said by the METS alone."""
        at, stop = self._at[path], self._at[path] + self.sizes[path]
        try:
            while at < stop:
                chunk = exactly(self._file, at, min(MIB, stop - at))
                at += len(chunk)
                yield chunk
        except OSError as failed:
            raise Damaged("unreadable", path, failed.strerror or "") from failed

    def close(self) -> None:
        """Close the TAR."""
        self._file.close()


def read_header(file: BinaryIO, at: int, block: bytes) -> tuple[ZipEntry, int]:
    """Read what is told of the file at `at`, and say where its bytes begin. Raises Damaged."""
    told: tuple[bytes | None, bytes | None] = (None, None)
    begin = at + BLOCK
    if block[156:157] == EXTENDED:
        length = number(block[124:135])
        found = RECORDS.fullmatch(exactly(file, begin, length)) if length <= LARGEST_EXTENDED else None
        if found is None:
            raise Damaged("tar_malformed", "", "pax")
        told = found[1], found[2]
        block = exactly(file, begin + length + padding(length), BLOCK)
        begin += length + padding(length) + BLOCK
    name = (told[0] if told[0] is not None else block[:100].rstrip(b"\0")).decode("utf-8", "replace")
    size = int(told[1]) if told[1] is not None else number(block[124:135])
    try:
        moment = datetime.fromtimestamp(number(block[136:147]), UTC)
        entry = ZipEntry(name, size, 0, moment, "")
    except UnsafePath as unsafe:
        raise Damaged("name_unsafe", name) from unsafe
    except (PackageMisdescribed, ValueError, OverflowError) as wrong:
        raise Damaged("tar_malformed", name) from wrong
    if exactly(file, at, begin - at) != tar_header(entry):
        raise Damaged("tar_malformed", name)
    return entry, begin


def number(digits: bytes) -> int:
    """Read octal digits. Raises Damaged."""
    if not re.fullmatch(rb"[0-7]{11}", digits):
        raise Damaged("tar_malformed", "", repr(digits))
    return int(digits, 8)


def exactly(file: BinaryIO, at: int, length: int) -> bytes:
    """Read so many bytes. Raises Damaged when the file is shorter."""
    file.seek(at)
    found = file.read(length)
    if len(found) != length:
        raise Damaged("tar_malformed", "", f"-{length - len(found)} B")
    return found
