"""An agency that has ended: nothing new is sent in for it, and what it left open goes on under who took over."""

from typing import Any

import httpx
import pytest

from shared.clock import day_in_vietnam, now
from tests.grounds import Ground
from tests.service.agencies_desk import TRANSFER, AgenciesDesk, act, agencies_desk
from tests.service.catalog_desk import catalog_desk

PROBLEM = {"kind": "people", "text": "Thiếu người", "year": 2026, "holds_no_secret": True}


async def taken_over(desk: AgenciesDesk, on: str = "2025-07-01") -> None:
    """Let the other agency take over from the first."""
    body = {"successor_id": desk.other_id, "on": on, "basis": "Nghị quyết 202/2025/QH15"}
    url = f"/catalog/agencies/{desk.agency_id}/succession"
    answer = await desk.archivist.post(url, json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text


async def sent_in(desk: AgenciesDesk, person: httpx.AsyncClient) -> list[httpx.Response]:
    """Register a transfer and send a difficulty in for the first agency."""
    return [
        await person.post("/catalog/transfers", json={**TRANSFER, "agency_id": desk.agency_id}),
        await person.post("/catalog/difficulties", json={**PROBLEM, "agency_id": desk.agency_id}),
    ]


async def test_what_is_sent_in_for_an_agency_that_has_ended_is_refused_and_who_took_over_named(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        before = await sent_in(desk, desk.agency)
        await taken_over(desk)
        refused = [*await sent_in(desk, desk.agency), *await sent_in(desk, desk.archivist)]
    assert [each.status_code for each in before] == [201, 201]
    for each in refused:
        assert (each.status_code, each.json()["code"]) == (409, "catalog.agency_ended")
        told = [each.json()[name] for name in ("ended_on", "successor_id", "successor")]
        assert told == ["2025-07-01", desk.other_id, "Sở Y tế"]


async def test_until_the_day_it_ends_an_agency_sends_in_what_it_has(ground: Ground) -> None:
    async with agencies_desk(ground) as desk:
        left = await desk.registered()
        await taken_over(desk, f"{day_in_vietnam(now()).year + 1}-01-01")
        answers = await sent_in(desk, desk.agency)
        early = await desk.other.get(f"/catalog/transfers/{left['id']}")
    assert [each.status_code for each in answers] == [201, 201]
    assert early.status_code == 404


async def test_what_an_agency_left_open_goes_on_under_who_took_over(ground: Ground) -> None:
    report = {"reported_on": "2026-05-01", "arranged_metres": 3.5, "note": ""}
    async with agencies_desk(ground) as desk:
        left = await desk.registered()
        url = f"/catalog/transfers/{left['id']}"
        stranger = await desk.other.get(url)
        await taken_over(desk)
        read = await desk.other.get(url)
        listed: list[dict[str, Any]] = (await desk.other.get("/catalog/transfers")).json()["items"]
        arranged = await act(desk.other, left, "arrangements", report)
        old = await desk.agency.get(url)
        above = await desk.agency.get(f"/catalog/agencies/{desk.other_id}")
    assert (stranger.status_code, read.status_code, old.status_code) == (404, 200, 200)
    assert [each["id"] for each in listed] == [left["id"]]
    assert arranged.status_code == 200, arranged.text
    assert above.status_code == 404, "who was taken over knows nothing of who took over"


@pytest.mark.parametrize(("begins", "status"), [("1999-12-31", 409), ("2000-01-01", 201)])
async def test_a_new_agency_has_no_code_before_its_first_name(ground: Ground, begins: str, status: int) -> None:
    async with catalog_desk(ground) as desk:
        told = {"names": [{"name": "Sở Nội vụ", "starts_on": "2000-01-01"}],
                "codes": [{"code": "Q1", "starts_on": begins}]}  # fmt: skip
        answer = await desk.archivist.post("/catalog/agencies", json=told)
    assert (answer.status_code, answer.json()["code"]) == (status, "Q1" if status == 201 else "catalog.agency_ended")
