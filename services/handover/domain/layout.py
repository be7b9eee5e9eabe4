"""The frozen layout of a package: which file lies where in its ZIP or TAR, where its bytes come from, what they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, TypeAdapter

from shared.eark.portions import AT_ONCE, Starts, Tally
from shared.eark.virtual_zip import zip_size
from shared.eark.zip_headers import ZipEntry
from shared.storage.port import MIB

MOST_SUMS = 4096  # of a portion, but for one that is a single file


class Form(StrEnum):
    """In what a package is pulled: the ZIP, which manifests and receipts are about, or a TAR of the same files."""

    ZIP = "zip"
    TAR = "tar"


@dataclass(frozen=True, slots=True)
class LaidFile:
    """A file of the ZIP. `key` is its key in the stores, or empty when its bytes were generated for the package.

    `from_reserve` says that the archive copy was damaged when the package was built. `mib_crc32` has the CRC-32 of each
    MiB of a file that is larger than one, as soon as the package is built.
    """

    path: str
    size: int
    sha256: str
    crc32: int
    modified_at: AwareDatetime
    key: str = ""
    from_reserve: bool = False
    mib_crc32: tuple[int, ...] = ()

    @property
    def entry(self) -> ZipEntry:
        """Give the file as the ZIP and the TAR know it."""
        return ZipEntry(self.path, self.size, self.crc32, self.modified_at, self.key)

    @property
    def sums(self) -> Sequence[int]:
        """Give the CRC-32 of each MiB; of a file that fills none it is its own."""
        return (self.crc32,) if self.size <= MIB else self.mib_crc32

    @property
    def lacks_sums(self) -> bool:
        """Say whether nobody told yet what each MiB of it must be."""
        return not self.sums


FILES = TypeAdapter(tuple[LaidFile, ...])


@dataclass(frozen=True, slots=True)
class LaidPortion:
    """Files that follow each other, as they are kept, and where the first of them begins."""

    at: Starts
    files: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole layout as it is kept: its portions, how many files, where they end, and the mark of them all."""

    portions: Sequence[LaidPortion]
    count: int
    end: Starts
    mark: str

    @property
    def size(self) -> int:
        """Give the length of the ZIP."""
        return zip_size(self.count, self.end)

    @classmethod
    def of(cls, files: Iterable[LaidFile]) -> Self:
        """Lay files out in this order. Raises UnsafePath."""
        tally, portions = Tally(), []
        for some in cut_up(files):
            portions.append(LaidPortion(tally.at, dump(some)))
            for file in some:
                tally.add(file.entry)
        return cls(portions, tally.count, tally.at, tally.mark)


def cut_up(files: Iterable[LaidFile]) -> Iterator[Sequence[LaidFile]]:
    """Cut a layout into portions that are read at once: so many files, fewer where they have many sums."""
    gathered: list[LaidFile] = []
    sums = 0
    for file in files:
        if gathered and (len(gathered) == AT_ONCE or sums + len(file.mib_crc32) > MOST_SUMS):
            yield gathered
            gathered, sums = [], 0
        gathered.append(file)
        sums += len(file.mib_crc32)
    if gathered:
        yield gathered


def load(stored: str) -> tuple[LaidFile, ...]:
    """Read files as they were kept."""
    return FILES.validate_json(stored)


def dump(files: Sequence[LaidFile]) -> str:
    """Give files as they are kept."""
    return FILES.dump_json(tuple(files), exclude_defaults=True).decode()
