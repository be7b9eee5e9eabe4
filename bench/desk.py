"""An inspector's desk over a million pages: the next page, a verdict, a queue of them, and how far a lot is."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import col, select

from cli.backing.postgres import Postgres
from services.embedded import folder_of
from services.qc.domain.inspection import Verdict
from services.qc.models import InspectedDossier, InspectedPage, plumbing
from services.qc.operations.accepting_many import accept_many
from services.qc.operations.giving import Said, give_verdicts
from services.qc.operations.holding import take_pages
from services.qc.operations.pacing import progress_of
from services.qc.operations.recalling import history_of
from shared.database import Database
from shared.migrating import migrate
from shared.uow import Caller

LOTS = 100
DOSSIERS = 100  # in a lot
PAGES = 100  # in a dossier
JUDGED = 90  # dossiers of each lot that are through already
ROUNDS = 40
WANTED = 50  # ms
SQLITE = {"id": "lower(hex(randomblob(16)))", "sha256": "lower(hex(randomblob(32)))", "analyze": "ANALYZE"}
POSTGRES = {
    "id": "gen_random_uuid()",
    "sha256": "md5(random()::text) || md5(random()::text)",
    "analyze": "VACUUM ANALYZE inspected_page",
}
Act = Callable[[int], Awaitable[object]]


async def measure_desk(folder: Path) -> list[str]:
    """Give the figures of this measurement, of SQLite and of PostgreSQL."""
    lines = await measured(f"sqlite+aiosqlite:///{folder / 'qc.db'}", "SQLite", SQLITE)
    server = await asyncio.to_thread(Postgres(folder / "postgres").start)
    try:
        url = await asyncio.to_thread(server.create_database, "qc")
        return lines + await measured(url, "PostgreSQL", POSTGRES)
    finally:
        await asyncio.to_thread(server.stop)


async def measured(url: str, name: str, words: dict[str, str]) -> list[str]:
    """Measure one database."""
    await asyncio.to_thread(migrate, folder_of("qc"), url)
    database = Database(url, plumbing)
    try:
        started = time.perf_counter()
        lots = await fill(database, words)
        lines = [f"desk, {name}: {LOTS * DOSSIERS * PAGES} pages laid out in {time.perf_counter() - started:.0f} s"]
        for act, does in acts(database, lots).items():
            best, middle, worst = await timed(does)
            figures = f"median {middle:.1f} ms, best {best:.1f} ms, worst {worst:.0f} ms"
            lines.append(f"desk, {name}: {act}: {figures} (wanted under {WANTED})")
        return lines
    finally:
        await database.close()


async def fill(database: Database, words: dict[str, str]) -> list[UUID]:
    """Lay a million checked pages out: every tenth flagged, every twentieth drawn, most of each lot judged."""
    lots = [uuid4() for _ in range(LOTS)]
    async with database.writing() as uow:
        for lot in lots:
            for number in range(DOSSIERS):
                state = "accepted" if number < JUDGED else "scanned"
                uow.session.add(
                    InspectedDossier(dossier_id=uuid4(), lot_id=lot, state=state, scanned_count=PAGES, seed=1)
                )
    async with database.writing() as uow:
        connection = await uow.session.connection()
        await connection.execute(
            text(
                "INSERT INTO inspected_page (page_id, dossier_id, lot_id, number, version, sha256, is_readable,"  # noqa: S608 - words of our own
                " judgement, findings, verdict, reason, note, is_sampled)"
                " WITH RECURSIVE numbers(number) AS"
                f" (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {PAGES})"
                f" SELECT {words['id']}, dossier_id, lot_id, number, 1, {words['sha256']}, true,"
                " CASE WHEN number % 10 = 0 THEN 'review' ELSE 'pass' END, '[]',"
                " CASE WHEN state = 'accepted' THEN 'accepted' END, '', '', number % 20 = 1"
                " FROM inspected_dossier CROSS JOIN numbers"
            )
        )
    async with database.reading() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await connection.execute(text(words["analyze"]))
    return lots


def acts(database: Database, lots: list[UUID]) -> dict[str, Act]:
    """Give what is measured; each time another inspector or another lot."""
    inspectors = [Caller(f"inspector {number}", account_id=uuid4()) for number in range(ROUNDS)]

    async def take(round_: int, scope: UUID, count: int, *, unflagged_too: bool = False) -> list[InspectedPage]:
        async with database.writing(inspectors[round_]) as uow:
            pages, _until = await take_pages(uow, scope, count, after=None, unflagged_too=unflagged_too)
            return list(pages)

    async def take_of_dossier(round_: int) -> None:
        async with database.reading() as session:
            asked = select(InspectedDossier.dossier_id).where(InspectedDossier.lot_id == lots[round_])
            dossier = (await session.exec(asked.where(InspectedDossier.state == "scanned").limit(1))).one()
        await take(round_, dossier, 1)

    async def judge(round_: int) -> None:
        (page,) = await take(round_, lots[0], 1)
        async with database.writing(inspectors[round_]) as uow:
            await give_verdicts(uow, [Said(uuid4(), page.page_id, page.sha256, Verdict.ACCEPTED)])

    async def judge_many(round_: int) -> None:
        async with database.reading() as session:
            asked = select(InspectedPage).where(InspectedPage.lot_id == lots[ROUNDS + round_])
            pages = (await session.exec(asked.where(col(InspectedPage.verdict).is_(None)).limit(100))).all()
        async with database.writing(inspectors[round_]) as uow:
            await give_verdicts(uow, [Said(uuid4(), page.page_id, page.sha256, Verdict.ACCEPTED) for page in pages])

    async def progress(round_: int) -> None:
        async with database.reading() as session:
            await progress_of(session, lots[round_], inspectors[0].account_id)

    async def accept_seen(round_: int) -> None:
        async with database.writing(inspectors[round_]) as uow:
            await accept_many(uow, lots[-1], uuid4())

    async def history(round_: int) -> None:
        async with database.reading() as session:
            page = (
                await session.exec(select(InspectedPage).where(InspectedPage.lot_id == lots[round_]).limit(1))
            ).one()
            await history_of(session, page.page_id)

    return {
        "next page of a dossier": take_of_dossier,
        "next page of a lot in which others work": lambda round_: take(round_, lots[0], 1),
        "ten pages ahead of a lot in which others work": lambda round_: take(round_, lots[0], 10),
        "next ten of a lot, those that need no look too": lambda round_: take(round_, lots[1], 10, unflagged_too=True),
        "next page and its verdict": judge,
        "a queue of 100 verdicts": judge_many,
        "many accepted at once, none seen": accept_seen,
        f"progress of a lot of {DOSSIERS * PAGES} pages": progress,
        "history of a page": history,
    }


async def timed(does: Act) -> tuple[float, float, float]:
    """Give the best, the median and the worst time in ms; the first round warms up."""
    seconds = []
    for round_ in range(ROUNDS):
        started = time.perf_counter()
        await does(round_)
        seconds.append(time.perf_counter() - started)
    told = sorted(1000 * each for each in seconds[1:])
    return told[0], statistics.median(told), told[-1]
