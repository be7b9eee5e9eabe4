"""Pages checked a second by one `saoluu work qc` and by two, one sandboxed process each, on PostgreSQL."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlmodel import col, func, select

from bench.hands import at_work
from cli.backing.postgres import Postgres
from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import make_page
from services.embedded import folder_of
from services.qc.models import PageCheck, plumbing
from services.qc.operations.hearing import note_master
from shared.database import Database
from shared.events.ingest import MasterStored
from shared.ids import DossierId, PageId
from shared.migrating import migrate

PAGES = 60
DIFFERENT = 8
ROUNDS = 2


async def measure_checking(folder: Path) -> list[str]:
    """Give the figures of this measurement."""
    with ExitStack() as ending:
        server = Postgres(folder / "postgres")
        ending.callback(server.stop)
        await asyncio.to_thread(server.start)
        pages = await asyncio.to_thread(make_pages, folder / "incoming")
        rates: dict[int, list[float]] = {1: [], 2: []}
        for turn in range(ROUNDS):
            for workers in (1, 2):
                url = server.create_database(f"qc_{turn}_{workers}")
                await asyncio.to_thread(migrate, folder_of("qc"), url)
                environment = {
                    "QC_DATABASE_URL": url,
                    "QC_WORKERS": "1",
                    "IDENTITY_KEYS_URL": (folder / "keys.json").as_uri(),
                    "STORE_INCOMING_URL": (folder / "incoming").as_uri(),
                    "STORE_DERIVED_URL": (folder / f"derived-{turn}-{workers}").as_uri(),
                }
                rates[workers].append(await pages_a_second(url, environment, pages, workers))
    one, two = max(rates[1]), max(rates[2])
    return [f"checking A4 pages: one worker {one:.1f} a second, two {two:.1f}: {two / one:.2f} times (wanted 1.8)"]


def make_pages(incoming: Path) -> list[tuple[str, bytes]]:
    """Make a few pages and lay them in the store."""
    incoming.mkdir(parents=True)
    dossiers = invent_dossiers(DIFFERENT, pages=1)
    pages = [(f"page-{number}", make_page(dossier, 1)) for number, dossier in enumerate(dossiers)]
    for key, content in pages:
        (incoming / key).write_bytes(content)
    return pages


async def pages_a_second(
    url: str, environment: Mapping[str, str], pages: list[tuple[str, bytes]], workers: int
) -> float:
    """Have many pages checked and count those between the first that is done and the last."""
    database = Database(url, plumbing)
    dossier = DossierId(uuid4())
    async with database.writing() as uow:
        for number in range(1, PAGES + 1):
            await note_master(uow, stored(dossier, number, *pages[number % len(pages)]))
    try:
        async with at_work("qc", environment, workers):
            await all_checked(database)
        async with database.reading() as session:
            asked = select(func.min(PageCheck.checked_at), func.max(PageCheck.checked_at))
            first, last = (await session.exec(asked)).one()
        assert first is not None and last is not None  # noqa: S101, PT018 - every page has its moment
    finally:
        await database.close()
    return (PAGES - workers) / (last - first).total_seconds()


async def all_checked(database: Database) -> None:
    """Wait until every page is checked."""
    while True:
        async with database.reading() as session:
            left = select(func.count()).select_from(PageCheck).where(col(PageCheck.checked_at).is_(None))
            if (await session.exec(left)).one() == 0:
                return
        await asyncio.sleep(0.2)


def stored(dossier: DossierId, number: int, key: str, content: bytes) -> MasterStored:
    """Tell of a page."""
    return MasterStored(
        page_id=PageId(uuid4()),
        version=1,
        dossier_id=dossier,
        page_number=number,
        key=key,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        media_type="image/jpeg",
        station="bench",
    )
