"""An older qc database is brought to the newest shape with every verdict and order it holds, and they can be undone."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import select

from services.embedded import folder_of
from services.qc.models import GivenVerdict, InspectedPage, RescanOrder, plumbing
from shared.database import Database
from shared.migrating import configured, migrate
from tests.grounds import Ground

FOLDER = folder_of("qc")
THEN, LATER = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
DOSSIER, JUDGED, AGAIN, UNTOUCHED = (uuid4() for _ in range(4))
FIRST, SECOND, RESCAN, OPEN, DONE = (uuid4() for _ in range(5))


async def fill(connection: AsyncConnection) -> None:
    """Enter what version 0001 knew: a page judged twice, one with an order open and one fulfilled, one untouched."""
    page = {"dossier_id": DOSSIER, "version": 1, "sha256": "0" * 64, "findings": [], "note": "", "is_sampled": False}
    given = {"version": 1, "note": "n", "inspector": "lan"}
    order = {"dossier_id": DOSSIER, "reason": "r", "ordered_by": "lan", "ordered_at": THEN}
    rows: list[tuple[str, dict[str, object]]] = [
        ("inspected_page", {**page, "page_id": JUDGED, "number": 1, "judgement": "review", "verdict": "rejected"}),
        ("inspected_page", {**page, "page_id": AGAIN, "number": 2, "judgement": "fail", "verdict": "rescan"}),
        ("inspected_page", {**page, "page_id": UNTOUCHED, "number": 3, "judgement": "pass", "verdict": None}),
        ("given_verdict", {**given, "id": FIRST, "page_id": JUDGED, "verdict": "accepted", "at": THEN}),
        ("given_verdict", {**given, "id": SECOND, "page_id": JUDGED, "verdict": "rejected", "at": LATER}),
        ("given_verdict", {**given, "id": RESCAN, "page_id": AGAIN, "verdict": "rescan", "at": THEN}),
        ("rescan_order", {**order, "id": OPEN, "page_id": AGAIN, "page_version": 1, "is_open": True}),
        ("rescan_order", {**order, "id": DONE, "page_id": UNTOUCHED, "page_version": 1, "is_open": False}),
    ]
    models = plumbing.metadata.tables
    for name, row in rows:
        columns = [sa.column(key, models[name].c[key].type) for key in row]
        await connection.execute(sa.insert(sa.table(name, *columns)).values(row))


async def test_verdicts_and_orders_stay_and_are_tied_together(ground: Ground) -> None:
    database_url = ground.empty_database_url("qc")
    config = configured(FOLDER, database_url)
    await asyncio.to_thread(command.upgrade, config, "0001")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await fill(connection)
    await engine.dispose()
    await asyncio.to_thread(migrate, FOLDER, database_url)
    database = Database(database_url, plumbing)
    async with database.reading() as session:
        pages = {page.page_id: page for page in await session.exec(select(InspectedPage))}
        verdicts = list(await session.exec(select(GivenVerdict)))
        orders = {order.id: order for order in await session.exec(select(RescanOrder))}
    await database.close()
    assert {(page.lot_id, page.is_sampled) for page in pages.values()} == {(None, False)}, "in no lot"
    stands: dict[UUID, UUID | None] = {page_id: page.verdict_id for page_id, page in pages.items()}
    assert stands == {JUDGED: SECOND, AGAIN: RESCAN, UNTOUCHED: None}, "the newest verdict is the one that stands"
    assert {(row.dossier_id, row.reason, row.sha256, row.undoes) for row in verdicts} == {(DOSSIER, "", "", None)}
    assert (orders[OPEN].verdict_id, orders[OPEN].fulfilled_version) == (RESCAN, None)
    assert (orders[DONE].verdict_id, orders[DONE].fulfilled_version) == (None, 2)
    await asyncio.to_thread(command.check, config)
