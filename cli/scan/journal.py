"""The station's own memory: which file became which page, with the receipt, surviving crashes of the station."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

SCHEMA = """
CREATE TABLE IF NOT EXISTS sent (
    dossier_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    page_id TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (dossier_id, number, version)
);
CREATE TABLE IF NOT EXISTS numbered (
    dossier_id TEXT NOT NULL,
    file TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (dossier_id, file),
    UNIQUE (dossier_id, number)
);
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A page that the service has confirmed."""

    dossier_id: str
    number: int
    version: int
    file: str
    size: int
    modified_ns: int
    sha256: str
    page_id: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the journal knows of one dossier: each file's page number, and each page's newest confirmed version."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    newest: Mapping[int, Sent] = field(default_factory=dict)

    def sent_as(self, file: str) -> Sent | None:
        """Give the newest version that a file was confirmed as."""
        return self.newest.get(self.numbers.get(file, 0))


class Journal:
    """A small SQLite file beside nothing of the source: the scanned files are never touched."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=FULL")
        self._rows.executescript(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def remembered(self, dossier_id: str) -> Remembered:
        """Give what is known of one dossier."""
        numbers = self._rows.execute("SELECT file, number FROM numbered WHERE dossier_id = ?", (dossier_id,))
        sent = self._rows.execute("SELECT * FROM sent WHERE dossier_id = ? ORDER BY number, version", (dossier_id,))
        return Remembered(dict(numbers), {entry.number: entry for entry in (Sent(*row) for row in sent)})

    def give_numbers(self, dossier_id: str, numbers: Mapping[str, int]) -> None:
        """Give files their page numbers: all of them, or none."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            given = [(dossier_id, file, number) for file, number in numbers.items()]
            self._rows.executemany("INSERT INTO numbered VALUES (?, ?, ?)", given)
            self._rows.execute("COMMIT")
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise

    def take_numbers_back(self, dossier_id: str, files: Iterable[str]) -> None:
        """Take the numbers of files back, all or none, except for those under which a page was confirmed."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            self._rows.executemany(
                "DELETE FROM numbered WHERE dossier_id = ? AND file = ? AND NOT EXISTS (SELECT 1 FROM sent"
                " WHERE sent.dossier_id = numbered.dossier_id AND sent.number = numbered.number)",
                [(dossier_id, file) for file in files],
            )
            self._rows.execute("COMMIT")
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise

    def add(self, sent: Sent) -> None:
        """Remember a confirmed page."""
        self._rows.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(sent))

    def sent(self) -> list[Sent]:
        """Give everything that was confirmed."""
        return [Sent(*row) for row in self._rows.execute("SELECT * FROM sent ORDER BY dossier_id, number, version")]
