"""An agency's names and codes change over time; its old codes lead to it and on to who took over."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
from sqlmodel import select

from services.catalog.models.agencies import AgencyAccess
from shared.auth.roles import Role
from shared.events.identity import AccountGranted
from shared.ids import AccountId, new_id
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

SONG_BE = {"name": "Ủy ban nhân dân tỉnh Sông Bé", "starts_on": "1976-07-02", "ends_on": "1996-12-31"}
BINH_PHUOC = {"name": "Ủy ban nhân dân tỉnh Bình Phước", "starts_on": "1997-01-01"}
DONG_NAI = {"name": "Ủy ban nhân dân tỉnh Đồng Nai", "starts_on": "1976-01-01"}
NAMELESS = {"name": "Sở Nội vụ", "starts_on": "2008-01-01"}


async def made(desk: Desk, *names: dict[str, Any], **more: object) -> dict[str, Any]:
    """Add an agency."""
    answer = await desk.archivist.post("/catalog/agencies", json={"names": names or [NAMELESS], **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def coded(code: str, starts_on: str, ends_on: str | None = None) -> dict[str, Any]:
    return {"code": code, "starts_on": starts_on, "ends_on": ends_on}


async def act(
    desk: Desk, agency: dict[str, Any], what: str, body: object, version: int | None = None
) -> httpx.Response:
    """Change an agency in the version that was seen."""
    headers = {"If-Match": f'"{version or agency["version"]}"'}
    return await desk.archivist.post(f"/catalog/agencies/{agency['id']}/{what}", json=body, headers=headers)


async def found(desk: Desk, code: str, on: str = "2026-11-28") -> dict[str, Any]:
    """Find an agency by a code of a day."""
    told: dict[str, Any] = (await desk.auditor.get("/catalog/agencies/by-code", params={"code": code, "on": on})).json()
    return told


async def test_an_old_code_leads_to_the_agency_of_its_time_and_to_who_took_over(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        old = await made(desk, SONG_BE, BINH_PHUOC, codes=[coded("H10", "1997-01-01")])
        new = await made(desk, DONG_NAI, codes=[coded("H19", "1976-01-01")])
        merged = {"successor_id": new["id"], "on": "2025-07-01", "basis": "Nghị quyết 202/2025/QH15"}
        ended = await act(desk, old, "succession", merged)
        again = await act(desk, old, "succession", merged)
        recoded = await act(desk, new, "codes", {"code": "H10", "starts_on": "2025-07-01"})
        then, now = await found(desk, "h10", "2020-05-01"), await found(desk, "H10")
        before, gone = await found(desk, "H19", "2026-01-01"), await found(desk, "H10", "1996-12-31")
        past = (await desk.auditor.get(f"/catalog/agencies/{old['id']}/history")).json()["items"]
        acts = await desk.acts()
    assert (ended.status_code, again.json()) == (200, ended.json()), "sent again, it is done already"
    assert (ended.json()["ended_on"], ended.json()["names"][-1]["ends_on"]) == ("2025-07-01", "2025-06-30")
    assert recoded.status_code == 200, recoded.text
    assert (then["agency"]["id"], then["agency"]["name"], then["is_in_force"]) == (old["id"], BINH_PHUOC["name"], True)
    assert [(each["id"], each["code"]) for each in then["successors"]] == [(new["id"], "H10")]
    assert (now["agency"]["id"], now["successors"]) == (new["id"], [])
    assert (before["agency"]["id"], before["is_in_force"]) == (new["id"], False), "the last who had it"
    assert gone["code"] == "catalog.agency_code_unknown"
    assert [(each["version"], each["act"], each["by"]) for each in past] == [(1, "agency.succeeded", "lan")]
    assert past[0]["content"]["names"][-1]["ends_on"] is None
    assert past[0]["after"]["names"][-1]["ends_on"] == past[0]["after"]["codes"][-1]["ends_on"] == "2025-06-30"
    assert (past[0]["after"]["agency"]["successor_id"], past[0]["after"]["agency"]["version"]) == (new["id"], 2)
    assert acts[-4:] == ["agency.created", "agency.created", "agency.succeeded", "agency.recoded"]


async def test_a_name_changes_from_a_day_on_and_is_shown_as_of_any_day(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        agency = await made(desk, SONG_BE)
        url = f"/catalog/agencies/{agency['id']}"
        renamed = await act(desk, agency, "names", {"name": BINH_PHUOC["name"], "starts_on": "1997-01-01"})
        put_right = await act(desk, renamed.json(), "names", {"name": "Bình Phước", "starts_on": "1997-01-01"})
        backwards = await act(desk, put_right.json(), "names", {"name": "Khác", "starts_on": "1990-01-01"})
        stale = await act(desk, agency, "names", {"name": "Khác", "starts_on": "2000-01-01"})
        untold = await desk.archivist.post(f"{url}/names", json={"name": "Khác", "starts_on": "2000-01-01"})
        in_1990 = (await desk.auditor.get("/catalog/agencies", params={"on": "1990-01-01", "q": "song be"})).json()
        too_early = (await desk.auditor.get("/catalog/agencies", params={"on": "1975-01-01"})).json()
        read = await desk.auditor.get(url)
    assert [each["name"] for each in in_1990["items"]] == [SONG_BE["name"]]
    assert too_early["items"] == []
    assert (read.json()["name"], read.headers["etag"]) == ("Bình Phước", '"3"')
    assert [each["ends_on"] for each in read.json()["names"]] == ["1996-12-31", None]
    assert (backwards.status_code, backwards.json()["code"]) == (422, "catalog.spans_wrong")
    assert (stale.status_code, stale.json()["version"]) == (412, 3)
    assert untold.status_code == 428


async def test_no_two_agencies_have_a_code_at_once(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        one = await made(desk, codes=[coded("A1", "2010-01-01", "2019-12-31")])
        two = await made(desk)
        for days in (("2019-12-31", None), ("2008-01-01", "2010-01-01"), ("2012-01-01", "2013-01-01")):
            body = {"names": [NAMELESS], "codes": [coded("a1", *days)]}
            answer = await desk.archivist.post("/catalog/agencies", json=body)
            assert (answer.status_code, answer.json()["code"]) == (409, "catalog.agency_code_taken")
            assert answer.json()["agency_id"] == one["id"]
        free = await act(desk, two, "codes", {"code": "A1", "starts_on": "2020-01-01"})
        bodies = [{"names": [NAMELESS], "codes": [coded("B1", f"2020-01-{day:02}")]} for day in range(1, 7)]
        answers = await asyncio.gather(*(desk.archivist.post("/catalog/agencies", json=body) for body in bodies))
    assert free.status_code == 200, free.text
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_what_agencies_cannot_be(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        above = await made(desk)
        below = await made(desk, parent_id=above["id"])
        place = f"/catalog/agencies/{above['id']}/place"
        ring = await desk.archivist.put(place, json={"parent_id": below["id"]}, headers={"If-Match": '"1"'})
        moved = await desk.archivist.put(
            f"/catalog/agencies/{below['id']}/place", json={"parent_id": None}, headers={"If-Match": '"1"'}
        )
        merged = {"successor_id": above["id"], "on": "2025-07-01", "basis": "QĐ"}
        await act(desk, below, "succession", merged, version=2)
        back = await act(desk, above, "succession", {**merged, "successor_id": below["id"], "on": "2025-08-01"})
        itself = await act(desk, above, "succession", {**merged, "on": "2025-08-01"})
        dead = await act(desk, below, "names", {"name": "Khác", "starts_on": "2026-01-01"}, version=3)
        nobody = await desk.archivist.post("/catalog/agencies", json={"names": [NAMELESS], "parent_id": str(new_id())})
        twice = await desk.archivist.post("/catalog/agencies", json={"names": [SONG_BE, DONG_NAI]})
    assert (ring.status_code, ring.json()["code"]) == (422, "catalog.parent_wrong")
    assert moved.json()["parent_id"] is None
    assert [answer.json()["code"] for answer in (back, itself)] == ["catalog.successor_wrong"] * 2
    assert (dead.status_code, dead.json()["code"]) == (409, "catalog.agency_ended")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "catalog.agency_unknown")
    assert (twice.status_code, twice.json()["reason"]) == (422, "overlap")


async def test_an_agencys_account_knows_its_own_and_no_other(ground: Ground) -> None:
    account = new_id()
    async with catalog_desk(ground) as desk:
        own, other = (
            await made(desk, codes=[coded("A1", "2008-01-01")]),
            await made(desk, codes=[coded("B1", "2008-01-01")]),
        )
        url = f"/catalog/agencies/{own['id']}/accounts/{account}"
        early = await desk.archivist.put(url)
        granted = {"account_id": AccountId(account), "account_name": "Sở Nội vụ", "kind": "person"}
        await desk.made.tell("catalog", [AccountGranted(**granted, roles=("agency",))])
        for _ in range(2):
            assert (await desk.archivist.put(url)).json()["name"] == "Sở Nội vụ"
        agency = desk.made.caller(Role.AGENCY, account_id=account)
        stranger = desk.made.caller(Role.AGENCY)
        seen = (await agency.get("/catalog/agencies")).json()["items"]
        unseen = (await stranger.get("/catalog/agencies")).json()["items"]
        answers = [
            await agency.get(f"/catalog/agencies/{own['id']}"),
            await agency.get(f"/catalog/agencies/{other['id']}"),
            await stranger.get(f"/catalog/agencies/{own['id']}"),
            await agency.get("/catalog/agencies/by-code", params={"code": "A1"}),
            await agency.get("/catalog/agencies/by-code", params={"code": "B1"}),
            await agency.get(f"/catalog/agencies/{own['id']}/history"),
        ]
        accounts = (await desk.auditor.get(f"/catalog/agencies/{own['id']}/accounts")).json()["items"]
        assert (await desk.archivist.delete(url)).status_code == 204
        shut = await agency.get(f"/catalog/agencies/{own['id']}")
        async with desk.database.reading() as session:
            left = (await session.exec(select(AgencyAccess))).all()
        acts = await desk.acts()
    assert (early.status_code, early.json()["code"]) == (422, "catalog.account_unknown")
    assert [each["id"] for each in seen] == [own["id"]]
    assert unseen == []
    assert [answer.status_code for answer in answers] == [200, 404, 404, 200, 404, 403]
    assert [UUID(each["account_id"]) for each in accounts] == [account]
    assert (shut.status_code, shut.json()["code"]) == (404, "catalog.agency_unknown")
    assert left == []
    assert acts[-2:] == ["agency.access_given", "agency.access_taken"]


async def test_a_fonds_names_whose_records_it_is_and_who_keeps_it(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        creator, archive = await made(desk), await made(desk)
        url = f"/catalog/fonds/{desk.fonds_id}/agencies"
        first = await desk.auditor.get(url)
        body = {"creator_id": creator["id"], "archive_id": archive["id"]}
        said = await desk.archivist.put(url, json=body, headers={"If-Match": first.headers["etag"]})
        stale = await desk.archivist.put(url, json={}, headers={"If-Match": first.headers["etag"]})
        unknown = await desk.archivist.put(url, json={"creator_id": str(new_id())}, headers={"If-Match": '"1"'})
        read = await desk.auditor.get(url)
        nothing = await desk.auditor.get(f"/catalog/fonds/{new_id()}/agencies")
    assert (first.json()["version"], said.status_code, stale.status_code) == (0, 200, 412)
    assert (read.json()["creator_id"], read.json()["archive_id"]) == (creator["id"], archive["id"])
    assert [answer.status_code for answer in (unknown, nothing)] == [404, 404]


async def test_days_are_told_as_dossiers_are_dated_or_in_iso_form(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = {"names": [{"name": "Sở Thủy lợi", "starts_on": "5/3/1976", "ends_on": "1999-12-31"},
                          {"name": "Sở Nông nghiệp", "starts_on": "01/01/2000"}]}  # fmt: skip
        made = await desk.archivist.post("/catalog/agencies", json=told)
        wrong = [
            await desk.archivist.post("/catalog/agencies", json={"names": [{"name": "Sở", "starts_on": day}]})
            for day in ("1976", "3/1976", "31/02/1976", 0)
        ]
    assert made.status_code == 201, made.text
    assert [each["starts_on"] for each in made.json()["names"]] == ["1976-03-05", "2000-01-01"]
    assert {(each.status_code, each.json()["code"]) for each in wrong} == {(422, "invalid_request")}
