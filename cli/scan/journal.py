"""The station's own memory: which file became which page, with the receipt, surviving crashes of the station."""

import sqlite3
from dataclasses import dataclass
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

    def number_of(self, dossier_id: str, file: str) -> int:
        """Give a file its page number, the same for ever: a file seen later comes after those seen before."""
        asked = "SELECT number FROM numbered WHERE dossier_id = ? AND file = ?"
        known = self._rows.execute(asked, (dossier_id, file)).fetchone()
        if known is None:
            highest = "SELECT coalesce(max(number), 0) + 1 FROM numbered WHERE dossier_id = ?"
            known = self._rows.execute(highest, (dossier_id,)).fetchone()
            self._rows.execute("INSERT INTO numbered VALUES (?, ?, ?)", (dossier_id, file, known[0]))
        return int(known[0])

    def file_of(self, dossier_id: str, number: int) -> str | None:
        """Give the file that became a page."""
        asked = "SELECT file FROM numbered WHERE dossier_id = ? AND number = ?"
        known = self._rows.execute(asked, (dossier_id, number)).fetchone()
        return None if known is None else str(known[0])

    def add(self, sent: Sent) -> None:
        """Remember a confirmed page."""
        self._rows.execute(
            "INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                sent.dossier_id,
                sent.number,
                sent.version,
                sent.file,
                sent.size,
                sent.modified_ns,
                sent.sha256,
                sent.page_id,
                sent.receipt,
            ),
        )

    def newest(self, dossier_id: str, number: int) -> Sent | None:
        """Give the newest confirmed version of a page."""
        asked = "SELECT * FROM sent WHERE dossier_id = ? AND number = ? ORDER BY version DESC LIMIT 1"
        row = self._rows.execute(asked, (dossier_id, number)).fetchone()
        return None if row is None else Sent(*row)

    def sent(self) -> list[Sent]:
        """Give everything that was confirmed."""
        return [Sent(*row) for row in self._rows.execute("SELECT * FROM sent ORDER BY dossier_id, number, version")]
