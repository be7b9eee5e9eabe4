"""The station agent against ingest: in which order it sends, what it keeps back, and what may be cleared."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal
from cli.scan.plan import Act
from shared.auth.roles import Role
from shared.events.qc import DossierAccepted, pages_digest
from tests.facts import approved
from tests.service.conftest import Set
from tests.service.station import CODE, QUIET, Station, client_on, jpeg, numbers_there, preserved, station_at


@pytest.fixture
async def station(at_work: Set, tmp_path: Path) -> AsyncIterator[Station]:
    async with station_at(at_work, tmp_path) as made:
        yield made


@pytest.fixture
async def dossier(station: Station) -> UUID:
    event = approved(code=CODE)
    await station.system.tell("ingest", [event])
    return event.dossier_id


class TestOrder:
    async def test_pages_are_sent_in_folder_order_and_known_the_next_time(
        self, station: Station, dossier: UUID
    ) -> None:
        for name in ("p10.jpg", "p2.jpg", "p1.jpg"):
            station.scan(f"{CODE}/{name}")
        done = await station.once()
        assert (done.sent, done.is_good) == (3, True)
        assert await numbers_there(station, dossier) == {1: "p1.jpg", 2: "p2.jpg", 3: "p10.jpg"}
        again = await station.once()
        assert (again.sent, again.known, again.is_good) == (0, 3, True)

    async def test_while_the_first_page_is_being_written_no_other_takes_its_number(
        self, station: Station, dossier: UUID
    ) -> None:
        station.scan(f"{CODE}/p2.jpg")
        station.scan(f"{CODE}/p3.jpg")
        first = station.scan(f"{CODE}/p1.jpg", b"")
        for length in range(3):
            first.write_bytes(jpeg("p1", 100 + length))
            done = await station.agent.go_over()
            assert (done.sent, len(done.waiting), done.is_good) == (0, 3, False)
            await asyncio.sleep(QUIET)
        assert (await station.once()).sent == 3
        assert await numbers_there(station, dossier) == {1: "p1.jpg", 2: "p2.jpg", 3: "p3.jpg"}

    async def test_a_page_that_comes_too_late_for_its_place_is_told_and_not_put_last(
        self, station: Station, dossier: UUID
    ) -> None:
        station.scan(f"{CODE}/p2.jpg")
        await station.once()
        late = station.scan(f"{CODE}/p1.jpg")
        done = await station.once()
        assert (done.for_a_person, done.is_good) == ([(late, Act.OUT_OF_ORDER)], False)
        assert await numbers_there(station, dossier) == {1: "p2.jpg"}

    async def test_running_once_waits_for_the_scanner_but_not_for_ever(self, station: Station, dossier: UUID) -> None:
        page = station.scan(f"{CODE}/p1.jpg", b"")

        async def write() -> None:
            for length in range(8):
                page.write_bytes(jpeg("p1", 100 + length))
                await asyncio.sleep(QUIET / 2)

        writing = asyncio.create_task(write())
        done = await station.once()
        await writing
        assert (done.sent, done.waiting) == (1, [])
        assert station.journal.sent()[0].size == page.stat().st_size
        endless = station.scan(f"{CODE}/p2.jpg", b"")
        station.line.meanwhile = lambda _request: None

        async def write_on() -> None:
            while True:
                endless.write_bytes(jpeg(str(os.urandom(4))))
                await asyncio.sleep(QUIET / 4)

        writing = asyncio.create_task(write_on())
        done = await station.agent.run_once(patience=0.3)
        writing.cancel()
        assert (done.sent, done.waiting, done.is_good) == (0, [endless], False)

    async def test_a_scanner_whose_clock_is_ahead_is_not_waited_for_for_ever(
        self, station: Station, dossier: UUID
    ) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        os.utime(page, (4_000_000_000, 4_000_000_000))
        assert (await station.once()).sent == 1


class TestChanges:
    async def test_a_file_that_changed_after_it_was_sent_is_told(self, station: Station, dossier: UUID) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        await station.once()
        page.write_bytes(page.read_bytes() + b"junk")
        done = await station.once()
        assert (done.known, done.for_a_person, done.is_good) == (0, [(page, Act.CHANGED)], False)

    async def test_the_same_bytes_with_another_time_are_the_same_file(self, station: Station, dossier: UUID) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        await station.once()
        page.touch()
        assert (await station.once()).is_good

    async def test_a_dossier_may_be_cleared_only_as_it_was_sent(self, station: Station, dossier: UUID) -> None:
        first, _ = station.scan(f"{CODE}/p1.jpg"), station.scan(f"{CODE}/p2.jpg")
        await station.once()
        await preserved(station, dossier)
        done = await station.once()
        assert (done.preserved_twice, done.not_to_be_cleared, done.is_good) == ([CODE], [], True)
        first.write_bytes(first.read_bytes() + b"junk")
        never = station.scan(f"{CODE}/p99.jpg")
        done = await station.once()
        assert (done.preserved_twice, done.is_good) == ([], False)
        [(code, against)] = done.not_to_be_cleared
        assert (code, [(left.path, left.reason) for left in against]) == (
            CODE,
            [(first, "changed"), (never, "not_sent")],
        )
        assert done.for_a_person == [(first, Act.CHANGED), (never, Act.TOO_LATE)]

    async def test_files_that_were_never_sent_keep_a_dossier_from_being_cleared(
        self, station: Station, dossier: UUID
    ) -> None:
        station.scan(f"{CODE}/p1.jpg")
        await station.once()
        await preserved(station, dossier)
        bodies = {"p2.jpg": b"damaged", "p3.bmp": b"BM", "p4.jpg": b"", ".p5.jpg": None, "Thumbs.db": b"thumbs"}
        for name, body in bodies.items():
            station.scan(f"{CODE}/{name}", body)
        done = await station.once()
        [(_, against)] = done.not_to_be_cleared
        assert [left.path.name for left in against] == ["p2.jpg", "p3.bmp", "p4.jpg", ".p5.jpg"]
        assert (done.preserved_twice, done.is_good) == ([], False)

    async def test_a_change_that_keeps_size_and_time_is_found_before_anything_is_cleared(
        self, station: Station, dossier: UUID
    ) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        await station.once()
        await preserved(station, dossier)
        facts = page.stat()
        page.write_bytes(page.read_bytes()[:-1] + b"x")
        os.utime(page, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        assert (await station.once()).preserved_twice == []

    async def test_a_page_that_another_station_replaced_keeps_a_dossier_from_being_cleared(
        self, station: Station, dossier: UUID, tmp_path: Path
    ) -> None:
        station.scan(f"{CODE}/p1.jpg")
        await station.once()
        known = station.journal.remembered(str(dossier)).newest[1]
        with Journal(tmp_path / "other.db") as other:
            (tmp_path / "other" / CODE).mkdir(parents=True)
            page = tmp_path / "other" / CODE / "p1.jpg"
            page.write_bytes((station.root / CODE / "p1.jpg").read_bytes())
            async with client_on(station.line) as client:
                agent = ScanAgent(client, tmp_path / "other", other, quiet=QUIET)
                await agent.run_once()
                page.write_bytes(jpeg("better"))
                await station.order_rescan(dossier, 1)
                assert (await agent.run_once()).rescanned == 1
            newest = other.remembered(str(dossier)).newest[1]
        assert (known.version, newest.version) == (1, 2)
        station.journal.add(known)
        caller = station.system.caller(Role.STATION)
        await caller.post(f"/ingest/dossiers/{dossier}/closing", json={"scanned_count": 1, "explanation": "đủ"})
        accepted = DossierAccepted(
            dossier_id=approved(dossier).dossier_id,
            accepted_count=1,
            reserved_count=0,
            pages_sha256=pages_digest([(1, 2, newest.sha256)]),
        )
        await station.system.tell("ingest", [accepted])
        for _ in range(300):
            if (await caller.get(f"/ingest/dossiers/{dossier}")).json()["verified_copies"] == 2:
                break
            await asyncio.sleep(0.1)
        [(_, against)] = (await station.once()).not_to_be_cleared
        assert [left.reason for left in against] == ["replaced"]
