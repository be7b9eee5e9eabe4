"""Progress, periods and targets over HTTP, and who may ask for them."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.reporting_facts import NOON, Dossier, reporting_bench

BEFORE_MIDNIGHT = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # 23:30 on 31 December in Vietnam
AFTER_MIDNIGHT = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # 00:30 on 1 January in Vietnam


async def test_the_shipped_plan_is_the_target_until_another_is_set(ground: Ground) -> None:
    async with reporting_bench(ground) as made:
        archivist, auditor = made.caller(Role.ARCHIVIST, name="lan"), made.caller(Role.AUDITOR)
        for year, target in ((2025, 0), (2026, 1_000_000), (2033, 1_000_000), (2034, 0)):
            assert (await auditor.get("/reporting/progress", params={"year": year})).json()["target"] == target
        body = {"a4_pages": 800_000, "reason": "Công văn 12"}
        for _ in range(2):
            answer = await archivist.put("/reporting/targets/2027", json=body)
            assert (answer.status_code, answer.json()) == (200, {"year": 2027, "a4_pages": 800_000})
        assert (await auditor.get("/reporting/progress", params={"year": 2027})).json()["target"] == 800_000
        database = made.services["reporting"].context.database
        async with database.reading() as session:
            acts = (await session.exec(select(database.plumbing.audit))).all()
    assert [(act.act, act.actor) for act in acts] == [("target.set", "lan")] * 2
    assert "Công văn 12" in acts[0].facts


async def test_the_year_turns_at_midnight_in_vietnam(ground: Ground) -> None:
    old, new = Dossier(pages=2, start=BEFORE_MIDNIGHT), Dossier(pages=3, start=AFTER_MIDNIGHT)
    async with reporting_bench(ground) as made:
        await made.tell("reporting", [old.stored(1), old.stored(2), *(new.stored(each) for each in (1, 2, 3))])
        auditor = made.caller(Role.AUDITOR)
        years = (await auditor.get("/reporting/periods", params={"by": "year"})).json()["items"]
        progress = (await auditor.get("/reporting/progress", params={"year": 2027})).json()
    assert [(each["period"], each["pages"]) for each in years] == [("2026", 2), ("2027", 3)]
    assert progress["scanned_pages"] == 3
    assert [(each["period"], each["pages"]) for each in progress["months"]] == [("2027-01", 3)]


async def test_periods_are_cut_at_both_ends_and_by_fonds(ground: Ground) -> None:
    one, other = Dossier(pages=2, fonds_code="P01"), Dossier(pages=3, fonds_code="P02")
    async with reporting_bench(ground) as made:
        for dossier in (one, other):
            await made.tell("reporting", dossier.life())
        auditor = made.caller(Role.AUDITOR)
        day = NOON.date().isoformat()
        whole = await auditor.get("/reporting/periods", params={"from": day, "to": day})
        fonds = await auditor.get("/reporting/periods", params={"by": "month", "fonds_code": "P02"})
        later = await auditor.get("/reporting/periods", params={"from": "2026-03-03"})
    assert [(each["period"], each["pages"]) for each in whole.json()["items"]] == [(day, 5)]
    assert [(each["period"], each["pages"]) for each in fonds.json()["items"]] == [("2026-03", 3)]
    assert later.json()["items"] == []


async def test_a_period_that_ends_before_it_begins_is_refused(ground: Ground) -> None:
    async with reporting_bench(ground) as made:
        asked = {"from": "2026-03-02", "to": "2026-03-01"}
        answer = await made.caller(Role.AUDITOR).get("/reporting/periods", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "reporting.period_backwards")


@pytest.mark.parametrize(
    "body",
    [
        {"a4_pages": "12", "reason": "x"},
        {"a4_pages": 12.5, "reason": "x"},
        {"a4_pages": -1, "reason": "x"},
        {"a4_pages": 12, "reason": " "},
        {"a4_pages": 12},
        {"a4_pages": 12, "reason": "x", "unknown": 1},
    ],
)
async def test_a_target_of_another_shape_is_refused(ground: Ground, body: dict[str, object]) -> None:
    async with reporting_bench(ground) as made:
        answer = await made.caller(Role.ARCHIVIST).put("/reporting/targets/2027", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_malformed_cursor_is_refused(ground: Ground) -> None:
    async with reporting_bench(ground) as made:
        answer = await made.caller(Role.AUDITOR).get("/reporting/ledger", params={"cursor": "%%%"})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_malformed")


async def test_without_a_token_and_with_a_wrong_role_nothing_is_told(ground: Ground) -> None:
    body = {"a4_pages": 1, "reason": "x"}
    async with reporting_bench(ground) as made:
        nobody, station, auditor = made.caller(), made.caller(Role.STATION), made.caller(Role.AUDITOR)
        for path in ("/progress?year=2026", "/periods", "/ledger", "/ledger/totals", "/ledger/differences"):
            assert (await nobody.get(f"/reporting{path}")).status_code == 401
            assert (await station.get(f"/reporting{path}")).status_code == 403
            assert (await auditor.get(f"/reporting{path}")).status_code == 200
        assert (await auditor.put("/reporting/targets/2027", json=body)).status_code == 403
        assert (await nobody.put("/reporting/targets/2027", json=body)).status_code == 401
        assert (await auditor.post("/reporting/rebuild")).status_code == 403
        assert (await nobody.post("/reporting/rebuild")).status_code == 401
