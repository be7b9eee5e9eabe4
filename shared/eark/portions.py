"""The entries of a package in portions: who gives a range holds the portions that it touches, no others."""

from bisect import bisect_right
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import NamedTuple, Protocol

from shared.eark.errors import UnsafePath
from shared.eark.tar_headers import padding, tar_header
from shared.eark.zip_headers import ZipEntry, central_length, local_length

AT_ONCE = 256


class Scale(StrEnum):
    """Along what places are told: the bytes of the ZIP before its directory, of that directory, of the TAR."""

    ZIP = "zip"
    DIRECTORY = "directory"
    TAR = "tar"


class Starts(NamedTuple):
    """Where an entry begins along each scale; behind the last entry these are the lengths."""

    zip: int = 0
    directory: int = 0
    tar: int = 0


@dataclass(frozen=True, slots=True)
class Portion:
    """Entries that follow each other, and where the first of them begins."""

    at: Starts
    entries: Sequence[ZipEntry]


class Portions(Protocol):
    """All entries of a package, wherever they are kept."""

    def since(self, scale: Scale, place: int) -> AsyncGenerator[Portion, None]:
        """Give portions in order, from the one in which this place lies."""
        ...


class Tally:
    """Adds entries up: how many, where the next one begins, and a mark that any change of one of them changes.

    The mark is over whatever is in their TAR headers, and where their bytes come from.
    """

    def __init__(self) -> None:
        self.count, self.at = 0, Starts()
        self._mark = sha256()
        self._paths: set[str] = set()

    def add(self, entry: ZipEntry) -> None:
        """Take the next entry. Raises UnsafePath for a name that is there already."""
        if entry.path in self._paths:
            raise UnsafePath("two entries of one name")
        self._paths.add(entry.path)
        header = tar_header(entry)
        self._mark.update(header)
        self._mark.update(f"{entry.crc32} {entry.source}\n".encode())
        self.count += 1
        self.at = Starts(
            self.at.zip + local_length(entry) + entry.size,
            self.at.directory + central_length(entry, self.at.zip),
            self.at.tar + len(header) + entry.size + padding(entry.size),
        )

    @property
    def mark(self) -> str:
        """Give the mark of all entries so far."""
        return self._mark.hexdigest()


class HeldPortions:
    """Entries in memory, as portions. Raises UnsafePath for a name that is there twice."""

    def __init__(self, entries: Iterable[ZipEntry]) -> None:
        self.tally = Tally()
        self._portions: list[Portion] = []
        coming = iter(entries)
        while some := tuple(islice(coming, AT_ONCE)):
            self._portions.append(Portion(self.tally.at, some))
            for entry in some:
                self.tally.add(entry)

    async def since(self, scale: Scale, place: int) -> AsyncGenerator[Portion, None]:
        """Give portions in order, from the one in which this place lies."""
        first = bisect_right(self._portions, place, key=lambda portion: int(getattr(portion.at, scale))) - 1
        for portion in self._portions[max(0, first) :]:
            yield portion
