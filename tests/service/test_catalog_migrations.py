"""An older catalog database is brought to the newest shape: its dossiers are found, in the order they were made in."""

import asyncio
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.searching import Search, phrases_in
from services.catalog.domain.terms import term
from services.catalog.models import Dossier, DossierIndex, plumbing
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.finding import found_ids
from services.catalog.operations.reindexing import REINDEX, RELIST
from services.embedded import folder_of
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground

FOLDER = folder_of("catalog")
DOCUMENT_TEXTS = (
    "code_number", "code_notation", "issuer", "information_sign", "keywords", "autograph", "note",
)  # fmt: skip
FONDS, FIRST, SECOND = (UUID(int=number) for number in (1, 2, 3))


async def fill(connection: AsyncConnection) -> None:
    """Enter what version 0003 knew: two dossiers of a fonds, one with a criterion."""
    fonds = {"id": FONDS, "code": "P", "title": "P", "kind": "fonds", "archive_code": "A"}
    dossier = {
        "version": 3, "fonds_id": FONDS, "retention": "01", "access_level": "01", "languages": ["01"], "keywords": "",
        "page_count": 1, "information_sign": "", "paper_file_code": "", "reserve": True, "note": "", "folded": "x",
        "is_arranged": True, "secrecy": "none", "starts_on": "1954-03",
    }  # fmt: skip
    document: dict[str, object] = dict.fromkeys(DOCUMENT_TEXTS, "") | {"languages": []}
    rows: list[tuple[str, dict[str, object]]] = [
        ("fonds", fonds),
        ("dossier", {**dossier, "id": SECOND, "file_code": "H.2", "title": "Đắp đê"}),
        ("dossier", {**dossier, "id": FIRST, "file_code": "H.1", "title": "Đê vỡ"}),
        ("criterion_mark", {"dossier_id": FIRST, "criterion": "at_risk", "evidence": "mủn"}),
        ("document", {**document, "dossier_id": FIRST, "number": 1, "title": "Tờ trình"}),
    ]
    models = plumbing.metadata.tables
    for name, row in rows:
        columns = [sa.column(key, models[name].c[key].type if key != "folded" else sa.Text()) for key in row]
        await connection.execute(sa.insert(sa.table(name, *columns)).values(**row))


async def test_dossiers_of_before_are_found(ground: Ground) -> None:
    database_url = ground.empty_database_url("catalog")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0003")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        rows = list(await session.exec(select(Dossier).order_by(col(Dossier.id))))
        numbered = list(await session.exec(select(DossierIndex.dossier_id).order_by(col(DossierIndex.number))))
        found = await found_ids(session, Search(phrases_in("đê")), 10)
        marked = await found_ids(session, Search(codes={"criterion": (term("criterion", "at_risk"),)}), 10)
        early = await found_ids(session, Search(until_year=1954, phrases=phrases_in("dap")), 10)
        ordered = list(await session.exec(select(plumbing.job.kind, plumbing.job.state)))
    await database.close()
    assert [(row.title, row.is_legible, row.conditions, row.page_sizes) for row in rows] == [
        ("Đê vỡ", True, [], {}), ("Đắp đê", True, [], {})
    ]  # fmt: skip
    assert [row.code_key for row in rows] == ["h.1", "h.2"]
    assert numbered == found == [FIRST, SECOND]
    assert (marked, early) == ([FIRST], [SECOND])
    assert ordered == [(REINDEX, "pending")]


async def test_dossiers_of_before_whose_codes_are_alike_stay_as_they_are(ground: Ground) -> None:
    database_url = ground.empty_database_url("catalog")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0003")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
        await connection.execute(sa.text("UPDATE dossier SET file_code = 'h 1' WHERE file_code = 'H.2'"))
        await connection.execute(sa.text("UPDATE dossier SET file_code = 'H1' WHERE file_code = 'H.1'"))
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        rows = list(await session.exec(select(Dossier).order_by(col(Dossier.id))))
    await database.close()
    assert [(row.file_code, row.code_key, row.has_code_alike) for row in rows] == [
        ("H1", "h1", False), ("h 1", "h1", True)
    ]  # fmt: skip


async def test_dossiers_of_older_editions_are_indexed_anew(ground: Ground) -> None:
    database_url = ground.empty_database_url("catalog")
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0003")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
    await asyncio.to_thread(command.upgrade, configured(FOLDER, database_url), "0017")
    selection = SelectionList(id=UUID(int=4), fonds_id=FONDS, name="D", year=2026, created_by=FIRST, number=1)
    entry: dict[str, Any] = {
        "list_id": selection.id,
        "number": 1,
        "dossier_id": FIRST,
        "version": 3,
        "file_code": "H.1",
        "title": "Đê",
    }
    async with AsyncSession(engine) as session:
        session.add(selection)
        await session.flush()
        session.add(ListEntry(**entry, page_count=1, facts={}))
        await session.commit()
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        ordered = set(await session.exec(select(plumbing.job.kind)))
    await database.close()
    assert RELIST in ordered
