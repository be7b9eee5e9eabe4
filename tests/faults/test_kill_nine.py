"""`kill -9` at random moments while pages go in: nothing lost, nothing doubled, no orphan, no event missing."""

import asyncio
import random
import sqlite3
from pathlib import Path
from typing import Any

from cli.client import ApiClient
from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal, Sent
from shared.storage.folder import FolderStore
from tests.faults.conftest import Killable, approved_dossiers, small_pages, until_true

DOSSIERS, PAGES, KILLS = 4, 50, 20


async def test_twenty_kills_while_two_hundred_pages_go_in(killable: Killable, tmp_path: Path) -> None:
    small_pages(tmp_path / "pages", DOSSIERS, PAGES)
    cast, station = await approved_dossiers(killable.url, killable.log, tmp_path, tmp_path / "pages")
    chance = random.Random(71)
    with Journal(tmp_path / "journal.db") as journal:
        client = ApiClient(cast.credentials["station-1"], patience=300)
        async with client:
            sending = asyncio.create_task(ScanAgent(client, station, journal).run_once())
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(0.05, 0.6))
                killable.kill()
                await asyncio.to_thread(killable.start)
            done = await sending
        assert done.refused == []
        sent = journal.sent()
    assert len(sent) == DOSSIERS * PAGES
    await until_true(lambda: heard_by_all(killable, len(sent)), patience=240)
    await nothing_lost_or_doubled(killable.data, sent)


async def heard_by_all(system: Killable, pages: int) -> bool:
    """Say whether qc has checked, and reporting has heard of, every page."""
    checked = rows(system.data, "qc", "SELECT count(*) FROM page_check WHERE judgement IS NOT NULL")[0][0]
    heard = rows(system.data, "reporting", "SELECT count(*) FROM ledger_page WHERE version > 0 AND checked_version > 0")
    return bool(checked == pages and heard[0][0] == pages)


async def nothing_lost_or_doubled(data: Path, sent: list[Sent]) -> None:
    """Hold the station's journal against stores and databases."""
    masters = rows(data, "ingest", "SELECT key, sha256 FROM master")
    assert sorted(digest for _, digest in masters) == sorted(entry.sha256 for entry in sent)
    assert rows(data, "ingest", "SELECT count(*) FROM page")[0][0] == len(sent)
    store = FolderStore(data / "stores" / "incoming", "incoming")
    there = {found.key async for found in store.keys()}  # noqa: SIM118 - a store is no dict
    assert there == {key for key, _ in masters}, "every object has its row, every row its object"
    for key, digest in masters:
        assert (await store.read_back(key)).sha256 == digest
    await store.close()
    stored = rows(data, "ingest", "SELECT count(*) FROM outbox WHERE name = 'ingest.master.stored.v1'")[0][0]
    unsent = rows(data, "ingest", "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0]
    assert (stored, unsent) == (len(sent), 0)
    for service in ("qc", "reporting"):
        heard = rows(data, service, "SELECT count(*) FROM inbox WHERE name = 'ingest.master.stored.v1'")[0][0]
        dead = rows(data, service, "SELECT count(*) FROM dead_letter")[0][0]
        assert (heard, dead) == (len(sent), 0), service


def rows(data: Path, service: str, query: str) -> list[tuple[Any, ...]]:
    """Ask a service's database directly."""
    with sqlite3.connect(f"file:{data / service / service}.db?mode=ro", uri=True, timeout=10) as database:
        found = database.execute(query).fetchall()
    database.close()
    return found
