"""The station agent against ingest: numbers that were given, never confirmed, and whose files went away."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from cli.scan.agent import ScanAgent
from cli.scan.plan import Act
from cli.scan.round import Round
from shared.auth.roles import Role
from tests.facts import approved
from tests.service.conftest import Set
from tests.service.station import CODE, QUIET, Station, client_on, jpeg, numbers_there, station_at
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


async def cut_off(station: Station, *numbers: int) -> Round:
    """Go over the folder once while no page of these numbers gets through."""

    def fail(request: httpx.Request) -> None:
        if request.method == "PUT" and int(request.url.path.rpartition("/")[2]) in numbers:
            raise httpx.ReadError("gone", request=request)

    station.line.meanwhile = fail
    async with client_on(station.line, patience=0.1) as client:
        done = await ScanAgent(client, station.root, station.journal, quiet=QUIET).run_once()
    station.line.meanwhile = lambda _request: None
    return done


async def put(station: Station, dossier: UUID, number: int, body: bytes) -> None:
    """Bring a page to the archive without the journal's knowledge, as when an answer is lost."""
    answer = await station.system.caller(Role.STATION).put(
        f"/ingest/dossiers/{dossier}/pages/{number}",
        content=body,
        headers={"Content-Type": "image/jpeg", "Content-Digest": digest(body)},
    )
    assert answer.status_code == 201


class TestTail:
    async def test_numbers_behind_all_confirmed_pages_are_given_anew_when_a_file_is_gone(
        self, station: Station, dossier: UUID
    ) -> None:
        station.scan(f"{CODE}/p1.jpg")
        await station.once()
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (2, 3, 4)]
        await cut_off(station, 2, 3, 4)
        pages[0].unlink()
        done = await station.once()
        assert (done.sent, done.is_good) == (2, True)
        assert await numbers_there(station, dossier) == {1: "p1.jpg", 2: "p3.jpg", 3: "p4.jpg"}

    async def test_a_file_that_took_the_place_of_another_gets_its_number(self, station: Station, dossier: UUID) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (1, 2)]
        await cut_off(station, 1, 2)
        pages[0].rename(pages[0].with_name("p1b.jpg"))
        assert (await station.once(close_whole=True)).closed == [CODE]
        assert await numbers_there(station, dossier) == {1: "p1b.jpg", 2: "p2.jpg"}

    async def test_numbers_stay_while_their_files_are_there(self, station: Station, dossier: UUID) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (1, 2)]
        await cut_off(station, 1, 2)
        pages[0].write_bytes(jpeg("scanned again"))
        assert (await station.once()).sent == 2
        assert await numbers_there(station, dossier) == {1: "p1.jpg", 2: "p2.jpg"}
        assert not any(carried.startswith("GET") and "/pages" in carried for carried in station.line.carried)

    async def test_a_page_whose_answer_was_lost_keeps_its_number(self, station: Station, dossier: UUID) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (1, 2, 3)]
        await cut_off(station, 1, 2, 3)
        body = pages[1].read_bytes()
        await put(station, dossier, 2, body)
        pages[1].unlink()
        done = await station.once()
        assert done.for_a_person == [(pages[1], Act.GONE_BUT_HELD)]
        assert sorted(await numbers_there(station, dossier)) == [1, 2, 3]
        pages[1].write_bytes(jpeg("other"))
        [(path, reason)] = (await station.once()).refused
        assert path == pages[1]
        assert "2" in reason.partition(" — ")[2]
        pages[1].write_bytes(body)
        assert (await station.once(close_whole=True)).is_good
        assert station.pages(dossier) == {number: (f"p{number}.jpg", 1) for number in (1, 2, 3)}


class TestMiddle:
    async def test_a_file_gone_from_between_confirmed_pages_is_told_until_it_is_back(
        self, station: Station, dossier: UUID
    ) -> None:
        pages = [station.scan(f"{CODE}/p{number}.jpg") for number in (1, 2, 3)]
        assert (await cut_off(station, 2)).sent == 2
        for change in (pages[1].unlink, lambda: pages[1].write_bytes(b"damaged")):
            change()
            done = await station.once(close_whole=True)
            assert (done.for_a_person, done.is_good, done.closed) == ([(pages[1], Act.GONE)], False, [])
        pages[1].write_bytes(jpeg("p2"))
        assert (await station.once()).is_good
        assert sorted(await numbers_there(station, dossier)) == [1, 2, 3]
