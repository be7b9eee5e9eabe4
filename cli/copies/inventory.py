"""The inventory of an offline set: what `sha256sum -c` reads, with counts in its comments.

    # saoluu.set.v1
    # written 2026-11-28T14:30:00+00:00
    # objects 3
    # bytes 12345
    <sha256>  objects/P01/...

It is replaced as a whole. Lines of objects that came since then wait in `inventory.part`, each written and made durable
after its object; a line that was cut off by a kill is dropped, and its object is found again and re-read.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from shared.clock import now
from shared.storage.keys import KeyMalformed, demand_key
from shared.storage.tree import sync_folder

NAME, PART, FORMAT = "inventory.sha256", "inventory.part", "saoluu.set.v1"
OBJECTS = "objects"
_LINE = re.compile(rf"([0-9a-f]{{64}})  {OBJECTS}/(\S+)")
_COUNT = re.compile(r"# (objects|bytes) ([0-9]{1,18})")


class InventoryMalformed(Exception):
    """The inventory is not one that `saoluu copy` writes, or was changed since."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The digest of each object by key, and how many bytes the inventory says they are."""

    digests: dict[str, str]
    byte_count: int = 0

    @classmethod
    def read(cls, folder: Path, *, with_part: bool = False) -> "Inventory":
        """Read what lies in a folder. Raises InventoryMalformed, FileNotFoundError."""
        lines = (folder / NAME).read_text(encoding="utf-8").split("\n")
        if lines[0] != f"# {FORMAT}" or lines[-1] != "":
            raise InventoryMalformed(f"{folder / NAME}: no inventory of this format, or cut off")
        counts = {found[1]: int(found[2]) for line in lines[:8] if (found := _COUNT.fullmatch(line))}
        digests = dict(entry(line) for line in lines[:-1] if not line.startswith("#"))
        if counts.get("objects") != len(digests):
            raise InventoryMalformed(f"{folder / NAME}: {counts.get('objects')} objects told, {len(digests)} named")
        if with_part and (folder / PART).exists():
            whole = (folder / PART).read_bytes().rpartition(b"\n")[0]
            digests |= dict(entry(line) for line in whole.decode().split("\n") if line)
        return cls(digests, counts.get("bytes", 0))


def entry(line: str) -> tuple[str, str]:
    """Read a line as key and digest. Raises InventoryMalformed."""
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise KeyMalformed(line)
        return demand_key(found[2]), found[1]
    except KeyMalformed as malformed:
        raise InventoryMalformed(f"not a line of an inventory: {line[:100]!r}") from malformed


def lines_of(digests: Mapping[str, str]) -> Iterable[str]:
    """Write entries as lines."""
    return (f"{digest}  {OBJECTS}/{key}\n" for key, digest in digests.items())


def replace(folder: Path, digests: Mapping[str, str], byte_count: int, moment: datetime | None = None) -> None:
    """Write the inventory anew, durably, then drop the part that is in it; sorted, so that sets can be compared."""
    temporary = folder / f"{NAME}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(f"# {FORMAT}\n# written {(moment or now()).isoformat(timespec='seconds')}\n")
        file.write(f"# objects {len(digests)}\n# bytes {byte_count}\n")
        file.writelines(lines_of({key: digests[key] for key in sorted(digests)}))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / NAME)
    sync_folder(folder)
    (folder / PART).unlink(missing_ok=True)
    sync_folder(folder)


def open_part(folder: Path) -> BinaryIO:
    """Open the part for lines to come; a line that a kill or a full disk tore is cut off first."""
    descriptor = os.open(folder / PART, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    file = os.fdopen(descriptor, "r+b")
    end = len(file.read().rpartition(b"\n")[0])
    file.truncate(end + 1 if end else 0)
    file.seek(0, os.SEEK_END)
    return file


def append(part: BinaryIO, digests: Mapping[str, str]) -> None:
    """Add lines to the part, durably."""
    part.write("".join(lines_of(digests)).encode())
    part.flush()
    os.fsync(part.fileno())
