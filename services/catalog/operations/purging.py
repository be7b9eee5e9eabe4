"""Let go of what imports and the index keep of some dossiers, so that the database holds it no longer.

What is deleted is overwritten on SQLite; PostgreSQL does so when it vacuums.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from services.catalog.domain.columns import LEVELS
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.row_change import RowChange
from services.catalog.domain.secrecy_errors import SecretBeingImported
from services.catalog.domain.shut_code import key_of
from services.catalog.domain.state import ENDED
from services.catalog.domain.withholding import bare
from services.catalog.domain.workbook_row import read_row
from services.catalog.files.change_packing import pack_changes, unpack_changes
from services.catalog.files.packing import Kept, bare_line, pack, unpacked
from services.catalog.models.imports import ImportChanges, ImportPortion, WorkbookImport
from services.catalog.models.staging import STAGED
from shared.uow import UnitOfWork


async def overwrite_what_goes(uow: UnitOfWork) -> None:
    """Let SQLite write zeros over whatever is deleted from now on; it never stops, which costs little."""
    if is_sqlite(uow):
        await (await uow.session.connection()).exec_driver_sql("PRAGMA secure_delete = ON")


async def forget_in_index(uow: UnitOfWork) -> None:
    """Let SQLite's full-text index merge its parts: until then it keeps words that were taken out."""
    await uow.session.flush()
    if is_sqlite(uow):
        merge = "INSERT INTO dossier_terms(dossier_terms) VALUES ('optimize')"
        await (await uow.session.connection()).exec_driver_sql(merge)


def is_sqlite(uow: UnitOfWork) -> bool:
    """Say whether the database is SQLite."""
    return uow.session.get_bind().dialect.name == "sqlite"


async def forget_in_imports(uow: UnitOfWork, fonds_id: UUID, codes: Collection[str], level: str = "") -> None:
    """Keep nothing but codes of the rows that tell of some dossiers, in all imports into their fonds.

    Codes that people would take for theirs count as theirs; imports of one level only, if one is told.

    Raises SecretBeingImported.
    """
    keys = frozenset(map(folded_code, codes))
    asked = select(WorkbookImport).where(WorkbookImport.fonds_id == fonds_id).order_by(col(WorkbookImport.id))
    for told in (await uow.session.exec(asked.with_for_update())).all():
        if told.state not in ENDED:
            raise SecretBeingImported
        if level and told.level != level:
            continue
        rows, places = await forget_in_portions(uow, told, keys)
        more, parts = await forget_in_changes(uow, told.id, keys)
        theirs = rows | more if places + parts else None  # of an old dry run nobody knows any more whose row was whose
        told.errors, told.notices = blanked(told.errors, theirs), blanked(told.notices, theirs)
    imports = select(WorkbookImport.id).where(WorkbookImport.fonds_id == fonds_id)
    for table in STAGED:
        await uow.session.exec(delete(table).where(table.c.import_id.in_(imports)))  # left of what has ended


async def forget_in_portions(uow: UnitOfWork, told: WorkbookImport, keys: Collection[str]) -> tuple[set[int], int]:
    """Bare the kept lines of some dossiers; gives their numbers, and how many portions there are."""
    asked = select(ImportPortion.place).where(ImportPortion.import_id == told.id, col(ImportPortion.place) > 0)
    places, numbers = (await uow.session.exec(asked)).all(), set[int]()
    for place in places:
        portion = await uow.session.get_one(ImportPortion, (told.id, place))
        content, found = await asyncio.to_thread(bared_portion, told, portion.content, keys)
        if found:
            portion.content = content
            await uow.session.flush()
        uow.session.expunge(portion)
        numbers |= found
    return numbers, len(places)


def bared_portion(told: WorkbookImport, content: bytes, keys: Collection[str]) -> tuple[bytes, set[int]]:
    """Give a portion without what it says of some dossiers, and the numbers of the lines that were theirs."""
    columns = next(each for each in LEVELS if each.level == told.level)
    names = {int(place): name for place, name in told.columns.items()}
    lines: list[Kept] = []
    found: set[int] = set()
    for line in unpacked(content):
        cells = line.told(names, told.constants)
        if key_of(read_row(0, columns, {"fileCode": cells.get("fileCode")})) in keys:
            found.add(line.number)
            line = bare_line(line.number, names, bare(columns, cells))._replace(is_said_secret=True)
        lines.append(line)
    return pack(lines)[0], found


async def forget_in_changes(uow: UnitOfWork, import_id: UUID, keys: Collection[str]) -> tuple[set[int], int]:
    """Take the values out of what became of the rows of some dossiers; gives their numbers, and how many parts."""
    asked = select(ImportChanges.place).where(ImportChanges.import_id == import_id)
    places, numbers = (await uow.session.exec(asked)).all(), set[int]()
    for place in places:
        part = await uow.session.get_one(ImportChanges, (import_id, place))
        changes = await asyncio.to_thread(unpack_changes, part.content)
        found = {each.row for each in changes if folded_code(each.code) in keys}
        if found:
            part.content = pack_changes([secret(each) if each.row in found else each for each in changes])
            await uow.session.flush()
        uow.session.expunge(part)
        numbers |= found
    return numbers, len(places)


def secret(change: RowChange) -> RowChange:
    """Give what became of a row without any value."""
    return replace(change.bare(), is_secret=True)


def blanked(told: list[dict[str, object]], rows: Collection[int] | None) -> list[dict[str, object]]:
    """Give errors or notices without the values of some rows, or of all."""
    empty = {"value": "", "other": "", "read": ""}
    return [
        {name: empty.get(name, value) for name, value in each.items()} if rows is None or each["row"] in rows else each
        for each in told
    ]
