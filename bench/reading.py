"""Pages read a minute by one `saoluu work ingest` and by two, one reader each, and what binding them takes."""

import asyncio
import os
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from bench.accepting import accept_dossier
from bench.hands import at_work
from cli.backing.postgres import Postgres
from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from services.embedded import folder_of
from services.ingest.models import PageReading, Reading, plumbing
from shared.database import Database
from shared.migrating import migrate
from shared.storage.digest import Hasher
from shared.storage.port import Fixity

PAGES = 30
DIFFERENT = 10
ROUNDS = 3
MINUTE = 60
STORES = ("incoming", "archive", "reserve")


async def measure_reading(folder: Path, rounds: int = ROUNDS) -> list[str]:
    """Give the figures of this measurement; one worker and two take turns, and which of them begins."""
    with ExitStack() as ending:
        server = Postgres(folder / "postgres")
        ending.callback(server.stop)
        await asyncio.to_thread(server.start)
        pages = await asyncio.to_thread(make_pages, folder / "incoming")
        rates: dict[int, list[float]] = {1: [], 2: []}
        binding: list[float] = []
        loads = [os.getloadavg()[0]]
        for turn in range(rounds):
            for workers in ((1, 2), (2, 1))[turn % 2]:
                url = server.create_database(f"ingest_{turn}_{workers}")
                await asyncio.to_thread(migrate, folder_of("ingest"), url)
                environment = {
                    "INGEST_DATABASE_URL": url,
                    "INGEST_READER": "tesseract",
                    "INGEST_READERS": "1",
                    "INGEST_SEALINGS": "0",
                    "IDENTITY_KEYS_URL": (folder / "keys.json").as_uri(),
                    **{f"STORE_{name.upper()}_URL": (folder / name).as_uri() for name in STORES},
                }
                rate, seconds = await pages_a_minute(url, environment, pages, workers)
                rates[workers].append(rate)
                binding.append(seconds)
                loads.append(os.getloadavg()[0])
    one, two = statistics.median(rates[1]), statistics.median(rates[2])
    ratios = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    return [
        f"reading A4 pages at 300 dpi: one worker {one:.0f} a minute, two {two:.0f}: {statistics.median(ratios):.2f} "
        f"times (wanted 1.8; median of {rounds} pairs, {min(ratios):.2f} to {max(ratios):.2f}), load "
        f"{loads[0]:.1f} before and {max(loads):.1f} at most, up to 3 of it our own",
        f"binding and proving a document of {PAGES} pages: {min(binding):.1f} s",
    ]


def make_pages(incoming: Path) -> list[tuple[str, Fixity]]:
    """Make a few pages and lay them in the store."""
    incoming.mkdir(parents=True)
    made = []
    for number, dossier in enumerate(invent_dossiers(DIFFERENT, pages=1)):
        content = make_page(dossier, 1)
        (incoming / f"page-{number}").write_bytes(content)
        hasher = Hasher()
        hasher.update(content)
        made.append((f"page-{number}", hasher.fixity()))
    return made


async def pages_a_minute(
    url: str, environment: Mapping[str, str], pages: Sequence[tuple[str, Fixity]], workers: int
) -> tuple[float, float]:
    """Have a dossier's form made; counts the pages that are read while all are at work, and times the binding.

    That is from when each may have read one until one finds none left: how long processes take to start is not counted.
    """
    database = Database(url, plumbing)
    await accept_dossier(database, [pages[number % len(pages)] for number in range(PAGES)])
    try:
        async with at_work("ingest", environment, workers):
            ended_at = await formed(database)
        async with database.reading() as session:
            read = (await session.exec(select(PageReading.read_at).order_by(col(PageReading.read_at)))).all()
    finally:
        await database.close()
    busy = read[workers - 1 : PAGES - workers + 1]
    rate = (len(busy) - 1) / (busy[-1] - busy[0]).total_seconds() * MINUTE
    return rate, (ended_at - read[-1]).total_seconds()


async def formed(database: Database) -> datetime:
    """Wait until the form is made, and say when its job ended."""
    job = plumbing.job
    while True:
        async with database.reading() as session:
            row = (await session.exec(select(Reading))).one()
            if row.made_at is not None:
                asked = select(job.ended_at).where(job.subject_id == row.id)
                ended = (await session.exec(asked)).one()
                if ended is not None:
                    return ended
        await asyncio.sleep(0.2)
