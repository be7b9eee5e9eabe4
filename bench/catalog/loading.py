"""Made dossiers straight into the tables, past the service: a million of them in a few minutes."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg  # type: ignore[import-untyped] # it ships none

from bench.catalog.made import Archive
from services.catalog.domain.terms import entry_of

AT_ONCE = 20_000
UNTOLD = {
    "version": 1, "page_count": 50, "has_code_alike": False, "information_sign": "", "box": "", "shelf": "",
    "arrangement_number": "", "secrecy_by": "", "secrecy_decision": "", "sheet_sizes": {},
}  # fmt: skip
FONDS: Mapping[str, Any] = {
    "title": "Phông", "kind": "fonds", "archive_code": "H49", "version": 1, "has_code_alike": False, "history": "",
    "arrangement": "", "other_types": "", "languages": [], "lookup_tools": "", "note": "",
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]
INDEX = ("number", "dossier_id", "words", "codes", "first_year", "last_year")


def portions(archive: Archive) -> Iterator[tuple[Sequence[str], Rows]]:
    """Give the rows of some dossiers at a time, by table, with the columns of a dossier."""
    made, number = archive.dossiers(), 0
    while some := list(islice(made, AT_ONCE)):
        rows: Rows = {"dossier": [], "criterion_mark": [], "dossier_index": []}
        for dossier, criteria in some:
            number += 1
            told = {**UNTOLD, **dossier}
            rows["dossier"].append(tuple(told.values()))
            rows["criterion_mark"] += [(dossier["id"], criterion, "đo") for criterion in criteria]
            entry = entry_of(dossier, criteria).columns()
            rows["dossier_index"].append((number, dossier["id"], *(entry[name] for name in INDEX[2:])))
        yield (*UNTOLD, *(name for name in some[0][0] if name not in UNTOLD)), rows


def fonds_of(archive: Archive) -> list[tuple[Any, ...]]:
    """Give the rows of the fonds."""
    told = tuple(FONDS.values())
    return [(fonds, f"P{number}", f"p{number}", *told) for number, fonds in enumerate(archive.fonds)]


COLUMNS: Mapping[str, Sequence[str]] = {
    "fonds": ("id", "code", "code_key", *FONDS),
    "criterion_mark": ("dossier_id", "criterion", "evidence"),
    "dossier_index": INDEX,
}


def load_sqlite(path: Path, archive: Archive) -> None:
    """Load an archive into a migrated SQLite file."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")

    def put(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        told = [tuple(map(plain, row)) for row in rows]
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", told)  # noqa: S608 - ours

    put("fonds", COLUMNS["fonds"], fonds_of(archive))
    for columns, tables in portions(archive):
        connection.execute("BEGIN")
        for table, rows in tables.items():
            put(table, COLUMNS.get(table, columns), rows)
        connection.execute("COMMIT")
    connection.close()


def plain(value: object) -> object:
    """Give a value as SQLite keeps it."""
    if isinstance(value, UUID):
        return value.hex
    return json.dumps(value) if isinstance(value, list | dict) else value


async def load_postgres(url: str, archive: Archive) -> None:
    """Load an archive into a migrated PostgreSQL database."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))

    async def put(table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        told = [tuple(json.dumps(each) if isinstance(each, list | dict) else each for each in row) for row in rows]
        await connection.copy_records_to_table(table, records=told, columns=columns)

    await put("fonds", COLUMNS["fonds"], fonds_of(archive))
    indexes = await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['indexname']}")
    for columns, tables in portions(archive):
        for table, rows in tables.items():
            await put(table, COLUMNS.get(table, columns), rows)
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
