"""Measure finding: `python -m bench.catalog [--dossiers 1000000] [--questions 400]`."""

import argparse
import asyncio
import os
import platform
import random
import tempfile
import time
from pathlib import Path

from sqlmodel import col, select

from bench.catalog.asking import counted, found, questions
from bench.catalog.loading import load_postgres, load_sqlite
from bench.catalog.made import Archive
from bench.catalog.timing import Taken, figures, timed
from cli.backing.postgres import Postgres
from services.catalog.domain.searching import Search
from services.catalog.models import Dossier, plumbing
from services.embedded import folder_of
from shared.database import Database
from shared.migrating import migrate

WANTED = 50  # ms for 95 of 100 questions


async def main() -> None:
    """Lay the archive out in both databases and ask."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=400)
    asked = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="saoluu-bench-") as place:
        folder = Path(place)
        folder.chmod(0o711)  # PostgreSQL runs as a user of its own for root
        url, begun = f"sqlite+aiosqlite:///{folder / 'catalog.db'}", time.perf_counter()
        await asyncio.to_thread(migrate, folder_of("catalog"), url)
        await asyncio.to_thread(load_sqlite, folder / "catalog.db", Archive(asked.dossiers))
        await told("SQLite", url, asked.questions, begun)
        (folder / "catalog.db").unlink()
        server = await asyncio.to_thread(Postgres(folder / "postgres", fsync=False).start)
        try:
            url, begun = await asyncio.to_thread(server.create_database, "catalog"), time.perf_counter()
            await asyncio.to_thread(migrate, folder_of("catalog"), url)
            await load_postgres(url, Archive(asked.dossiers))
            await told("PostgreSQL", url, asked.questions, begun)
        finally:
            await asyncio.to_thread(server.stop)


async def told(name: str, url: str, count: int, begun: float) -> None:
    """Ask one database, and print how long it took."""
    print(f"{name}: laid out in {time.perf_counter() - begun:.0f} s", flush=True)
    database = Database(url, plumbing)
    try:
        asked = list(questions(await sampled(database), count))
        taken: dict[str, list[Taken]] = {}
        for kind, question in asked:
            taken.setdefault(kind, []).append(await timed(database, found, question))
        for kind, times in sorted(taken.items()):
            print(f"{name}: {kind}: {figures(times)}", flush=True)
        every = [each for times in taken.values() for each in times]
        print(f"{name}: all {len(every)} questions: {figures(every)} (wanted: 95 of 100 under {WANTED})")
        beside = [await timed(database, counted, question) for _kind, question in asked[:: max(1, count // 40)]]
        print(f"{name}: counts beside {len(beside)} of them: {figures(beside)}")
        alone = [await timed(database, counted, Search()) for _ in range(5)]
        print(f"{name}: counts of everything: {figures(alone)}", flush=True)
    finally:
        await database.close()


async def sampled(database: Database) -> list[tuple[str, str]]:
    """Give titles and codes of dossiers here and there."""
    async with database.reading() as session:
        asked = select(Dossier.title, Dossier.file_code).where(col(Dossier.file_code).like("%7"))
        rows = [(title, code) for title, code in (await session.exec(asked.limit(20_000))).all()]
    return random.Random(7).sample(rows, min(len(rows), 1000))  # noqa: S311 - not a secret


if __name__ == "__main__":
    asyncio.run(main())
