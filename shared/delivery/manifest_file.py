"""A manifest as it lies on a disk: read as a stream, its packages in any order, in flat memory."""

import json
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shared.delivery.canonical import canonical
from shared.delivery.manifest import LARGEST_NUMBER, LONGEST_LINE, Line, ManifestEntry, ManifestHead

L = TypeVar("L", bound=Line)


class ManifestRefused(Exception):
    """This is no manifest, or not a whole one; the text says why."""


class ManifestFile:
    """A manifest whose every line was read once: sound, complete, no package twice.

    It keeps where each package's line begins (8 bytes a number), so that a package is found whatever the order.
    Raises ManifestRefused, OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = array("Q")  # by number; 0 is where the head begins, so 0 says that there is no such package
        with path.open("rb") as file:
            self.head = read_line(ManifestHead, file.readline(LONGEST_LINE + 1))
            self._index()

    def _index(self) -> None:
        count = pages = twice = size = parts = 0
        for at, entry in self._located():
            if entry.number >= len(self._starts):
                self._starts.extend(
                    [0] * (min(LARGEST_NUMBER, max(entry.number, 2 * len(self._starts))) + 1 - len(self._starts))
                )
            if self._starts[entry.number]:
                raise ManifestRefused(f"package {entry.number} is there twice")
            self._starts[entry.number] = at
            count, size, parts = count + 1, size + entry.size, max(parts, entry.part)
            pages, twice = pages + entry.dossier_pages, twice + entry.page_count
        told = self.head.package_count, self.head.byte_count, self.head.part_count
        if (count, size, parts) != told or self.head.page_count not in (pages, twice):  # twice: by an older program
            raise ManifestRefused("its first line counts other packages than are there")

    def _located(self) -> Iterator[tuple[int, ManifestEntry]]:
        with self._path.open("rb") as file:
            at = len(file.readline(LONGEST_LINE + 1))
            while line := file.readline(LONGEST_LINE + 1):
                yield at, read_line(ManifestEntry, line)
                at += len(line)

    def moved(self, path: Path) -> "ManifestFile":
        """Say that the file lies elsewhere now."""
        self._path = path
        return self

    def entries(self) -> Iterator[ManifestEntry]:
        """Give the packages in the order in which they are written."""
        for _, entry in self._located():
            yield entry

    def entry(self, number: int) -> ManifestEntry | None:
        """Give a package by its number."""
        at = self._starts[number] if 0 < number < len(self._starts) else 0
        if not at:
            return None
        with self._path.open("rb") as file:
            file.seek(at)
            return read_line(ManifestEntry, file.readline(LONGEST_LINE + 1))


def read_line(kind: type[L], line: bytes) -> L:
    """Read a line in its one spelling. Raises ManifestRefused."""
    try:
        if not line.endswith(b"\n") or canonical(json.loads(line)) + b"\n" != line:
            raise ManifestRefused(f"a line is cut off or not spelt canonically: {line[:80]!r}")
        return kind.model_validate_json(line)
    except (ValueError, ValidationError, RecursionError) as wrong:
        raise ManifestRefused(f"a line cannot be read: {line[:80]!r}") from wrong
