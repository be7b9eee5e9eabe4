"""The station agent against ingest: rescans, files that go or change, and closing; it never falls over."""

import asyncio
import os
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from cli.scan.agent import ScanAgent
from shared.auth.roles import Role
from tests.facts import approved
from tests.service.conftest import Set
from tests.service.station import CODE, QUIET, Station, client_on, jpeg, station_at
from tests.service.test_ingest_pages import digest


@pytest.fixture
async def station(at_work: Set, tmp_path: Path) -> AsyncIterator[Station]:
    async with station_at(at_work, tmp_path) as made:
        yield made


@pytest.fixture
async def dossier(station: Station) -> UUID:
    event = approved(code=CODE)
    await station.system.tell("ingest", [event])
    return event.dossier_id


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

    async def test_a_dossier_whose_folder_could_not_be_looked_at_stays_open(
        self, station: Station, dossier: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in (1, 2):
            station.scan(f"{CODE}/p{number}.jpg")
        assert (await station.once()).sent == 2

        def fail(folder: Path) -> None:
            raise OSError(5, "Input/output error", str(folder))

        monkeypatch.setattr("cli.scan.agent.files_of", fail)
        done = await station.agent.go_over(close_whole=True)
        assert [path for path, _ in done.refused] == [station.root / CODE]
        assert (done.closed, done.left_open) == ([], [(CODE, 2, 2)])
