"""The checker itself: of a system that works it says nothing, and of one that was tampered with what is wrong."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cli.scan.journal import Sent
from tests.faults.checker import confessions, wrongs
from tests.faults.embedded_system import Embedded, places_below
from tests.faults.station import station_at

Sample = tuple[Path, list[Sent]]

STORED = "ingest.master.stored.v1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Give the data of a system that has taken three pages and was stopped, and what its station knows."""
    folder = tmp_path_factory.mktemp("sample")
    system = Embedded(folder)
    try:
        system.start()
        sent = asyncio.run(taken(system, folder))
    finally:
        system.stop()
    return system.data, sent


async def taken(system: Embedded, folder: Path) -> list[Sent]:
    """Have three pages sent, and find nothing wrong with them."""
    async with station_at(system, folder, dossiers=1, pages=3) as station:
        station.begin()
        sent = await station.is_done()
    assert await wrongs(system.places, sent, patience=60) == []
    return sent


def lost(data: Path) -> None:
    first_object(data).unlink()


def orphan(data: Path) -> None:
    shutil.copy(first_object(data), first_object(data).with_name("0" * 64))


def damaged(data: Path) -> None:
    path = first_object(data)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def first_object(data: Path) -> Path:
    return min(path for path in (data / "stores" / "incoming").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lost, "objects: 1 missing"),
        (orphan, "objects: 1 too many"),
        (damaged, "objects: 1 missing"),
    ],
)
async def test_a_store_that_was_tampered_with_is_found_out(
    sample: Sample, tmp_path: Path, tamper: Callable[[Path], None], told: str
) -> None:
    data = shutil.copytree(sample[0], tmp_path / "system")
    tamper(data)
    assert any(each.startswith(told) for each in await wrongs(places_below(data), sample[1], patience=0))


@pytest.mark.parametrize(
    ("service", "statement", "told"),
    [
        ("ingest", "DELETE FROM master WHERE rowid = 1", "masters: 1 missing"),
        ("ingest", "UPDATE master SET sha256 = 'x' WHERE rowid = 1", "masters: 1 missing"),
        (
            "ingest",
            "INSERT INTO page SELECT 'f' || substr(id, 2), dossier_id, 99, version FROM page LIMIT 1",
            "pages: 1 too many",
        ),
        (
            "ingest",
            "DELETE FROM audit WHERE rowid = (SELECT max(rowid) FROM audit WHERE act = 'master.stored')",
            "acts of storing: 1 missing",
        ),
        ("ingest", "DELETE FROM outbox WHERE position = 1", f"{STORED}: 1 missing"),
        (
            "ingest",
            "INSERT INTO outbox SELECT 1000, 'f' || substr(id, 2), name, body, created_at, sent_at FROM outbox LIMIT 1",
            f"{STORED}: 1 too many",
        ),
        ("ingest", "UPDATE outbox SET sent_at = NULL WHERE position = 1", f"ingest: {STORED} was not sent"),
        (
            "qc",
            "DELETE FROM inbox WHERE rowid = (SELECT max(rowid) FROM inbox WHERE name LIKE 'ingest.master%')",
            f"{STORED} heard by qc: 1 missing",
        ),
        (
            "reporting",
            "DELETE FROM inbox WHERE rowid = (SELECT max(rowid) FROM inbox WHERE name LIKE 'ingest.master%')",
            f"{STORED} heard by reporting: 1 missing",
        ),
        ("reporting", "DELETE FROM heard_event WHERE position = 1", "events kept by reporting: 1 missing"),
        (
            "qc",
            "INSERT INTO dead_letter SELECT event_id, name, '', 'why', handled_at, NULL FROM inbox LIMIT 1",
            "qc: dead letter",
        ),
        ("qc", "UPDATE page_check SET judgement = NULL WHERE rowid = 1", "judged in page_check: 1 missing"),
        ("qc", "DELETE FROM inspected_page WHERE rowid = 1", "judged in inspected_page: 1 missing"),
        ("qc", "UPDATE job SET state = 'running' WHERE rowid = 1", "qc: job check_page is running"),
        ("qc", "DELETE FROM outbox WHERE position = 1", "qc.page.checked.v1: 1 missing"),
        ("reporting", "DELETE FROM ledger_page WHERE rowid = 1", "pages in the ledger: 1 missing"),
    ],
)
async def test_a_database_that_was_tampered_with_is_found_out(
    sample: Sample, tmp_path: Path, service: str, statement: str, told: str
) -> None:
    data = shutil.copytree(sample[0], tmp_path / "system")
    with closing(sqlite3.connect(data / service / f"{service}.db", isolation_level=None)) as database:
        assert database.execute(statement).rowcount == 1
    assert any(each.startswith(told) for each in await wrongs(places_below(data), sample[1], patience=0))


def test_what_services_call_an_error_of_their_own_is_found_in_their_logs(tmp_path: Path) -> None:
    ours = '{"level": "error", "where": "shared.problems", "what": "unforeseen: GET /"}'
    others = '{"level": "error", "where": "aiormq.connection", "what": "refused"}'
    outage = '{"level": "warning", "where": "shared.outbox", "what": "the outbox waits"}'
    log = tmp_path / "service.log"
    log.write_text("\n".join([others, ours, outage, "setup link: http://...", "Traceback (most recent call last):"]))
    assert confessions([log]) == [ours, "Traceback (most recent call last):"]
