"""The station agent against ingest: what it sends, what it keeps back, and that it never falls over."""

import asyncio
import os
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal
from cli.scan.plan import Act
from shared.auth.policy import Role
from shared.events.qc import DossierAccepted, pages_digest
from tests.facts import approved
from tests.service.conftest import Set
from tests.service.station import QUIET, Line, Station, client_on, jpeg
from tests.service.test_ingest_pages import digest

CODE = "H49"


@pytest.fixture
async def station(at_work: Set, tmp_path: Path) -> AsyncIterator[Station]:
    async with at_work("ingest") as system:
        line = Line(system, Role.STATION)
        (tmp_path / "scans").mkdir()
        with Journal(tmp_path / "journal.db") as journal:
            async with client_on(line) as client:
                agent = ScanAgent(client, tmp_path / "scans", journal, quiet=QUIET)
                yield Station(system, line, tmp_path / "scans", agent, journal)


@pytest.fixture
async def dossier(station: Station) -> UUID:
    event = approved(code=CODE)
    await station.system.tell("ingest", [event])
    return event.dossier_id


async def preserved(station: Station, dossier: UUID) -> None:
    """Bring the dossier to its two verified copies."""
    caller = station.system.caller(Role.STATION)
    newest = station.journal.remembered(str(dossier)).newest
    digests = [(number, entry.version, entry.sha256) for number, entry in sorted(newest.items())]
    closing = {"scanned_count": len(digests), "explanation": "đủ"}
    assert (await caller.post(f"/ingest/dossiers/{dossier}/closing", json=closing)).status_code == 200
    accepted = DossierAccepted(
        dossier_id=approved(dossier).dossier_id,
        accepted_count=len(digests),
        reserved_count=0,
        pages_sha256=pages_digest(digests),
    )
    await station.system.tell("ingest", [accepted])
    for _ in range(300):
        if (await caller.get(f"/ingest/dossiers/{dossier}")).json()["verified_copies"] == 2:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it was not preserved")


async def numbers_there(station: Station, dossier: UUID) -> dict[int, str]:
    """Give each page's file name, as the archive has it."""
    answer = await station.system.caller(Role.STATION).get(f"/ingest/dossiers/{dossier}/pages")
    return {page["number"]: page["file_name"] for page in answer.json()["items"]}


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


class TestRescans:
    async def test_a_page_ordered_anew_waits_until_its_file_is_replaced_by_another_whole_image(
        self, station: Station, dossier: UUID
    ) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        await station.once()
        await station.order_rescan(dossier, 1)
        done = await station.once()
        assert (done.rescanned, done.to_scan_again, done.is_good) == (0, [page], True)
        page.touch()
        assert (await station.once()).rescanned == 0
        for length in range(3):
            page.write_bytes(jpeg("half", 100 + length))
            assert (await station.agent.go_over()).rescanned == 0, "half written"
            await asyncio.sleep(QUIET)
        page.write_bytes(jpeg("whole"))
        assert (await station.once()).rescanned == 1
        assert station.pages(dossier) == {1: ("p1.jpg", 2)}
        assert station.journal.sent()[-1].sha256 == sha256(jpeg("whole")).hexdigest()

    async def test_a_rescan_whose_file_is_gone_does_not_stop_the_next(self, station: Station, dossier: UUID) -> None:
        first, second = station.scan(f"{CODE}/p1.jpg"), station.scan(f"{CODE}/p2.jpg")
        await station.once()
        for number in (1, 2):
            await station.order_rescan(dossier, number)
        first.unlink()
        second.write_bytes(jpeg("second, better"))
        assert (await station.once()).rescanned == 1
        assert station.pages(dossier) == {1: ("p1.jpg", 1), 2: ("p2.jpg", 2)}


class TestMishaps:
    async def test_files_that_go_shrink_or_cannot_be_read_stop_no_other(self, station: Station, dossier: UUID) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in range(1, 9)]

        def happen(request: httpx.Request) -> None:
            if request.method == "PUT" and request.url.path.endswith("/pages/1"):
                os.truncate(pages[0], 10)
                pages[6].unlink()
                pages[7].unlink()

        station.line.meanwhile = happen
        done = await station.once()
        assert (done.sent, done.waiting) == (5, [pages[0]])
        assert [path for path, _ in done.refused] == pages[6:]
        assert not done.is_good

    async def test_a_file_the_archive_refuses_is_listed_with_its_reason(self, station: Station, dossier: UUID) -> None:
        page = station.scan(f"{CODE}/p1.jpg")
        await station.system.caller(Role.STATION).put(
            f"/ingest/dossiers/{dossier}/pages/1",
            content=jpeg("other"),
            headers={"Content-Type": "image/jpeg", "Content-Digest": digest(jpeg("other"))},
        )
        station.scan(f"{CODE}/p2.jpg")
        done = await station.once()
        assert (done.sent, done.is_good) == (1, False)
        [(path, reason)] = done.refused
        assert path == page
        assert reason.startswith("ingest.page_differs: ")

    async def test_when_nobody_answers_any_more_the_rest_waits(self, station: Station, dossier: UUID) -> None:
        for number in range(1, 30):
            station.scan(f"{CODE}/p{number}.jpg")

        def break_line(request: httpx.Request) -> None:
            if request.method == "PUT" and len(station.line.carried) > 6:
                raise httpx.ReadError("gone", request=request)

        station.line.meanwhile = break_line
        async with client_on(station.line, patience=0.3) as client:
            agent = ScanAgent(client, station.root, station.journal, quiet=QUIET)
            done = await asyncio.wait_for(agent.run_once(), 10)
        assert (done.unreached, done.sent + len(done.waiting), done.is_good) == ("gone", 29, False)
        station.line.meanwhile = lambda _request: None
        done = await station.once()
        assert (done.known + done.sent, done.is_good) == (29, True)

    async def test_what_lies_outside_or_behind_links_is_told(
        self, station: Station, dossier: UUID, tmp_path: Path
    ) -> None:
        station.scan("loose.jpg")
        station.scan(f"{CODE}/p1.jpg")
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "p2.jpg").write_bytes(jpeg("elsewhere"))
        (station.root / "linked").symlink_to(tmp_path / "elsewhere")
        (station.root / CODE / "inside").symlink_to(tmp_path / "elsewhere")
        (station.root / CODE / "p2.jpg").symlink_to(tmp_path / "elsewhere" / "p2.jpg")
        done = await station.once()
        assert done.sent == 2, "a link to a file is that file"
        assert {(left.path.name, left.reason) for left in done.left_out} == {
            ("loose.jpg", "outside_a_folder"),
            ("linked", "symbolic_link"),
            ("inside", "symbolic_link"),
        }


class TestClosing:
    async def test_a_dossier_whose_expected_pages_are_all_there_is_closed(
        self, station: Station, dossier: UUID
    ) -> None:
        station.scan(f"{CODE}/p1.jpg")
        done = await station.once(close_whole=True)
        assert (done.closed, done.left_open) == ([], [(CODE, 1, 2)])
        station.scan(f"{CODE}/p2.jpg")
        done = await station.once(close_whole=True)
        assert (done.closed, done.left_open) == ([CODE], [])
        assert (await station.once(close_whole=True)).closed == []

    async def test_a_dossier_with_a_file_in_doubt_stays_open(self, station: Station, dossier: UUID) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (1, 2)]
        await station.once()
        pages[0].write_bytes(jpeg("changed"))
        assert (await station.once(close_whole=True)).left_open == [(CODE, 2, 2)]
