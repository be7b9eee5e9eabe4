"""What the station says of its scanner and operator comes to the archive with each page, whichever way it is sent."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from cli.scan.agent import ScanAgent
from cli.scan.setup import Setup
from services.ingest.models import Master, ScanSetup
from tests.facts import approved
from tests.service.conftest import Set, in_one_mode
from tests.service.station import CODE, QUIET, client_on, jpeg, station_at

SETUP = Setup("PFU", "fi-8170", "A41", "PaperStream Capture 3", "Lê Thị Bảy & con")
THEN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@in_one_mode
@pytest.mark.parametrize("large", [1 << 30, 1000], ids=["at once", "in parts"])
async def test_scanner_and_operator_come_with_the_page(
    at_work: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr("cli.scan.sending.LARGE", large)
    async with station_at(at_work, tmp_path) as station:
        await station.system.tell("ingest", [approved(pages=2, code=CODE)])
        for name in ("1.jpg", "2.jpg"):
            os.utime(station.scan(f"{CODE}/{name}", jpeg(name)), (THEN.timestamp(), THEN.timestamp()))
        async with client_on(station.line) as client:
            agent = ScanAgent(client, station.root, station.journal, quiet=QUIET, setup=SETUP)
            assert (await agent.run_once(patience=2)).sent == 2
        async with station.system.services["ingest"].context.database.reading() as session:
            masters = (await session.exec(select(Master))).all()
            (setup,) = (await session.exec(select(ScanSetup))).all()
    assert (setup.make, setup.model, setup.serial) == ("PFU", "fi-8170", "A41")
    assert (setup.software, setup.operator) == ("PaperStream Capture 3", "Lê Thị Bảy & con")
    assert [(each.scanned_at, each.scan_setup_id) for each in masters] == [(THEN, setup.id)] * 2
