"""How long a question takes by the clock, and how long it keeps a processor busy, here and in the database."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.searching import Search
from shared.database import Database

Ask = Callable[[AsyncSession, Search], Awaitable[None]]


class Taken(NamedTuple):
    """Milliseconds."""

    clock: float
    processor: float


async def timed(database: Database, ask: Ask, asked: Search) -> Taken:
    """Say how long a question takes."""
    async with database.reading() as session:
        server = await process_of(session)
        clock, worked = time.perf_counter(), time.process_time() + worked_by(server)
        await ask(session, asked)
        worked = time.process_time() + worked_by(server) - worked
    return Taken((time.perf_counter() - clock) * 1000, worked * 1000)


async def process_of(session: AsyncSession) -> Path | None:
    """Give what Linux tells of the process of PostgreSQL that answers; SQLite answers in this one."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    number = (await (await session.connection()).execute(text("SELECT pg_backend_pid()"))).scalar_one()
    return Path(f"/proc/{number}/schedstat")


def worked_by(process: Path | None) -> float:
    """Give the seconds that a process has kept a processor busy."""
    return int(process.read_text().split()[0]) / 1e9 if process else 0.0


def figures(times: list[Taken]) -> str:
    """Tell the middle, the 95th of a hundred and the worst of some times."""
    clock, worked = sorted(each.clock for each in times), sorted(each.processor for each in times)
    late = min(len(times) - 1, len(times) * 95 // 100)
    return (
        f"median {median(clock):.1f} ms, 95 of 100 under {clock[late]:.1f} ms, worst {clock[-1]:.0f} ms "
        f"(of a processor: {median(worked):.1f}, {worked[late]:.1f}, {worked[-1]:.0f})"
    )
