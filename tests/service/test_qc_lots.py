"""Dossiers are gathered into lots, a sample is drawn and judged, and the lot is decided by its plan."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.qc.domain.sampling.drawing import sample_of
from shared.auth.roles import Role
from shared.events.catalog import DossierWithdrawn
from shared.ids import DossierId, SelectionListId
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.lot_desk import STRICT, LotDesk, refusal


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("qc") as made:
        yield made


@pytest.fixture
def desk(system: Bench, ground: Ground, made_pages: list[Path]) -> LotDesk:
    return LotDesk(system, ground, made_pages)


async def test_the_plan_is_shown_before_the_start_and_the_draw_can_be_made_again_from_its_seed(desk: LotDesk) -> None:
    made = await desk.create(await desk.dossiers(3, broken=1), terms={**STRICT, "major": 2.5})
    assert made.status_code == 201, made.text
    lot = made.json()
    assert (lot["state"], lot["page_count"], lot["seed"], lot["result"]) == ("gathering", 12, None, None)
    assert (lot["plan"]["letter"], lot["plan"]["size"]) == ("B", 5)
    shown = [
        tuple(each[key] for key in ("name", "letter", "size", "accept", "reject")) for each in lot["plan"]["classes"]
    ]
    assert shown == [("critical", None, 5, 0, 1), ("major", "C", 5, 0, 1), ("minor", "B", 3, 0, 1)]
    started = (await desk.inspector.post(f"/qc/lots/{lot['id']}/start")).json()
    assert (started["state"], started["waiting_count"], started["plan"]) == ("drawn", 5 + 1, lot["plan"])
    pages = (await desk.inspector.get(f"/qc/lots/{lot['id']}/pages")).json()["items"]
    passed = [UUID(page["page_id"]) for page in pages if page["judgement"] == "pass"]
    drawn = {UUID(page["page_id"]) for page in await desk.waiting(lot["id"]) if page["judgement"] == "pass"}
    assert drawn == set(sample_of(passed, 5, started["seed"]))


async def test_three_dossiers_are_gathered_drawn_judged_and_accepted_together(desk: LotDesk) -> None:
    dossiers = await desk.dossiers(3, broken=1)
    lot = await desk.drawn(dossiers)
    waiting = await desk.waiting(lot)
    assert refusal(await desk.decide(lot, "acceptance")) == (409, "qc.lot_unfinished")
    for page in waiting:
        if page["judgement"] == "pass":
            assert (await desk.say(page, "accepted")).status_code == 200
    assert (await desk.read(lot))["result"]["is_accepted"] is True
    unseen = await desk.decide(lot, "acceptance")
    assert refusal(unseen) == (409, "qc.verdicts_missing"), "what the machine flagged is inspected on top of the sample"
    broken = next(page for page in waiting if page["judgement"] != "pass")
    await desk.order_rescan(broken)
    assert refusal(await desk.decide(lot, "acceptance")) == (409, "qc.rescan_open")
    await desk.rescan(broken)
    for page in await desk.waiting(lot):
        await desk.say(page, "accepted")
    assert refusal(await desk.decide(lot, "acceptance", by=desk.inspector)) == (403, "qc.own_lot")
    accepted = await desk.decide(lot, "acceptance")
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["decided_by"]) == (200, "accepted", "minh")
    told = await desk.published("qc.dossier.accepted.v1")
    assert sorted(body for dossier in dossiers for body in told if str(dossier) in body) == sorted(told)
    assert len(told) == 3
    seen = [(await desk.inspector.get(f"/qc/dossiers/{dossier}")).json() for dossier in dossiers]
    assert {(each["state"], each["concluded_by"]) for each in seen} == {("accepted", "minh")}
    assert refusal(await desk.decide(lot, "rejection", "x")) == (409, "qc.lot_goes_backwards")
    assert await desk.acts(lot) == ["lot.created", "lot.drawn", "lot.accepted"]


async def test_a_lot_with_more_defects_than_its_plan_allows_is_inspected_page_by_page(desk: LotDesk) -> None:
    dossiers = await desk.dossiers(2)
    lot = await desk.drawn(dossiers, terms=STRICT)
    sample = await desk.waiting(lot)
    await desk.order_rescan(sample[0])
    assert (await desk.read(lot))["result"]["is_accepted"] is False
    await desk.rescan(sample[0])
    waiting = await desk.waiting(lot)
    assert [page["version"] for page in waiting if page["page_id"] == sample[0]["page_id"]] == [2], "still of the lot"
    for page in waiting:
        await desk.say(page, "accepted")
    seen = await desk.read(lot)
    assert (seen["result"]["is_accepted"], seen["waiting_count"]) == (False, 0), "a page scanned anew stays a defect"
    assert refusal(await desk.decide(lot, "acceptance", "vẫn nhận")) == (409, "qc.lot_failed")
    rejected = await desk.decide(lot, "rejection")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")

    early = await desk.inspector.post(f"/qc/dossiers/{dossiers[0]}/acceptance", json={})
    waiting = await desk.waiting(lot)
    if any(page["dossier_id"] == str(dossiers[0]) for page in waiting):
        assert refusal(early) == (409, "qc.verdicts_missing")
    for page in waiting:
        await desk.say(page, "accepted")
    pages = (await desk.inspector.get(f"/qc/lots/{lot}/pages")).json()["items"]
    assert all(page["verdict"] == "accepted" for page in pages), "a person has seen every page"
    for dossier in dossiers:
        assert (await desk.read(lot))["state"] == "rejected"
        await desk.inspector.post(f"/qc/dossiers/{dossier}/acceptance", json={})
    assert (await desk.read(lot))["state"] == "concluded"
    assert await desk.acts(lot) == ["lot.created", "lot.drawn", "lot.rejected", "lot.concluded"]


async def test_rejecting_against_the_plan_needs_words(desk: LotDesk) -> None:
    lot = await desk.drawn(await desk.dossiers(1))
    for page in await desk.waiting(lot):
        await desk.say(page, "accepted")
    assert (await desk.read(lot))["result"]["is_accepted"] is True
    assert refusal(await desk.decide(lot, "rejection")) == (422, "qc.note_missing")
    assert (await desk.decide(lot, "rejection", "nghi thiếu trang")).json()["state"] == "rejected"


async def test_while_a_dossier_is_in_an_open_lot_it_is_not_concluded_alone_nor_put_into_another(desk: LotDesk) -> None:
    first, second = await desk.dossiers(2)
    lot = (await desk.create([first])).json()["id"]
    for act, body in (("acceptance", {}), ("rejection", {"explanation": "x"})):
        alone = await desk.inspector.post(f"/qc/dossiers/{first}/{act}", json=body)
        assert refusal(alone) == (409, "qc.dossier_in_lot")
    assert refusal(await desk.create([second, first])) == (409, "qc.dossier_in_lot")
    withdrawn = await desk.inspector.post(f"/qc/lots/{lot}/withdrawal", json={"note": "gom lại"})
    assert withdrawn.json()["state"] == "withdrawn"
    again = await desk.create([second, first])
    assert again.status_code == 201
    started = await desk.inspector.post(f"/qc/lots/{again.json()['id']}/start")
    assert started.status_code == 200
    late = await desk.inspector.post(f"/qc/lots/{again.json()['id']}/withdrawal", json={})
    assert refusal(late) == (409, "qc.lot_goes_backwards"), "nobody gives a draw up"
    assert refusal(await desk.inspector.post(f"/qc/lots/{lot}/start")) == (409, "qc.lot_goes_backwards")


async def test_a_dossier_that_no_list_holds_any_more_is_neither_gathered_nor_concluded_alone(desk: LotDesk) -> None:
    [dossier] = await desk.dossiers(1)
    withdrawn = DossierWithdrawn(
        dossier_id=DossierId(dossier), version=2, list_id=SelectionListId(uuid4()), reason="trùng"
    )
    older = approved(dossier, pages=9).model_copy(update={"version": 1})
    newer = approved(dossier, pages=2).model_copy(update={"version": 3})
    await desk.system.tell("qc", [withdrawn, older])
    for answer in (
        await desk.create([dossier]),
        await desk.inspector.post(f"/qc/dossiers/{dossier}/rejection", json={"explanation": "x"}),
    ):
        assert refusal(answer) == (409, "qc.dossier_withdrawn")
    assert (await desk.inspector.get(f"/qc/dossiers/{dossier}")).json()["is_withdrawn"] is True
    await desk.system.tell("qc", [newer, older.model_copy(update={"id": uuid4()})])
    told = (await desk.inspector.get(f"/qc/dossiers/{dossier}")).json()
    assert told["is_withdrawn"] is False
    assert (await desk.create([dossier])).status_code == 201


async def test_only_dossiers_that_are_closed_wholly_checked_and_open_go_into_a_lot(desk: LotDesk) -> None:
    assert refusal(await desk.create([uuid4()])) == (404, "not_found")
    (dossier,) = await desk.dossiers(1)
    still = uuid4()
    await desk.system.tell("qc", [await desk.master(still, 1, desk.pages[0])])
    assert refusal(await desk.create([dossier, still])) == (409, "qc.dossier_still_scanning")
    for page in (await desk.inspector.get(f"/qc/dossiers/{dossier}/pages")).json()["items"]:
        await desk.say(page, "accepted")
    assert (await desk.inspector.post(f"/qc/dossiers/{dossier}/acceptance", json={})).status_code == 200
    assert refusal(await desk.create([dossier])) == (409, "qc.dossier_concluded")


async def test_what_was_said_of_a_page_before_the_draw_does_not_count_for_the_sample(desk: LotDesk) -> None:
    (dossier,) = await desk.dossiers(1)
    pages = (await desk.inspector.get(f"/qc/dossiers/{dossier}/pages")).json()["items"]
    for page in pages[1:]:
        await desk.say(page, "accepted")
    await desk.order_rescan(pages[0])
    lot = (await desk.create([dossier], terms={"scheme": "percentage"})).json()
    assert lot["plan"]["size"] == 4
    started = (await desk.inspector.post(f"/qc/lots/{lot['id']}/start")).json()
    waiting = await desk.waiting(lot["id"])
    assert {page["page_id"] for page in waiting} == {page["page_id"] for page in pages}
    assert (started["result"]["judged"], started["result"]["is_accepted"]) == (0, None)
    for page in waiting:
        if page["verdict"] is None:
            await desk.say(page, "accepted")
    done = await desk.read(lot["id"])
    assert done["result"] == {
        "judged": 3,
        "classes": [{"name": "any", "found": 0, "is_accepted": True, "is_accepted_tighter": False}],
        "is_accepted": True,
    }, "what failed before is seen on top, and is no part of the sample"


async def test_a_rejected_lot_comes_again_in_a_second_round_of_thirty_percent(desk: LotDesk) -> None:
    dossiers = await desk.dossiers(2)
    terms = {"scheme": "percentage", "allowed_percent": 1.0}
    lot = await desk.drawn(dossiers, terms=terms)
    sample = await desk.waiting(lot)
    assert len(sample) == 8, "the first round is every page"
    await desk.order_rescan(sample[0])
    assert (await desk.decide(lot, "rejection")).json()["state"] == "rejected"
    assert refusal(await desk.create(dossiers, terms=terms)) == (409, "qc.verdicts_missing")
    await desk.rescan(sample[0])
    for page in await desk.waiting(lot):
        await desk.say(page, "accepted")
    second = (await desk.create(dossiers, terms=terms)).json()
    assert (second["is_resubmitted"], second["plan"]["size"]) == (True, 3)
    assert (await desk.read(lot))["state"] == "concluded", "its dossiers have gone on to the next lot"
    await desk.inspector.post(f"/qc/lots/{second['id']}/start")
    assert len([page for page in await desk.waiting(second["id"]) if page["version"] == 1]) == 3
    for page in await desk.waiting(second["id"]):
        await desk.say(page, "accepted")
    assert (await desk.decide(second["id"], "acceptance")).json()["state"] == "accepted"


async def test_a_dossier_of_which_nothing_is_kept_is_rejected_with_its_accepted_lot(desk: LotDesk) -> None:
    bad, good = await desk.dossiers(2, broken=4)
    lot = await desk.drawn([good, bad])
    for page in await desk.waiting(lot):
        said = ("accepted", "") if page["judgement"] == "pass" else ("rejected", "không mở được")
        await desk.say(page, *said)
    assert (await desk.read(lot))["result"]["is_accepted"] is True
    assert refusal(await desk.decide(lot, "acceptance")) == (422, "qc.note_missing")
    assert (await desk.decide(lot, "acceptance", "hồ sơ hỏng cả")).json()["state"] == "accepted"
    states = [(await desk.inspector.get(f"/qc/dossiers/{each}")).json()["state"] for each in (good, bad)]
    assert states == ["accepted", "rejected"]


async def test_two_people_who_start_a_lot_at_once_draw_one_sample(desk: LotDesk) -> None:
    other = desk.system.caller(Role.INSPECTOR, name="hoa")
    lot = (await desk.create(await desk.dossiers(2))).json()["id"]
    answers = await asyncio.gather(*(each.post(f"/qc/lots/{lot}/start") for each in (desk.inspector, other, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"qc.lot_goes_backwards"}
    seen = await desk.read(lot)
    started = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (seen["seed"], seen["drawn_by"]) == (started["seed"], started["drawn_by"])


async def test_verdicts_that_meet_a_start_are_given_before_or_after_it(desk: LotDesk) -> None:
    lot = (await desk.create([await desk.laid(12)])).json()["id"]
    pages = (await desk.inspector.get(f"/qc/lots/{lot}/pages")).json()["items"]
    start = desk.inspector.post(f"/qc/lots/{lot}/start")
    answers = await asyncio.gather(*(desk.say(page, "accepted") for page in pages), start)
    assert {answer.status_code for answer in answers} == {200}
    for page in await desk.waiting(lot):
        await desk.say(page, "accepted")
    assert (await desk.read(lot))["result"]["is_accepted"] is True


async def test_a_dossier_that_is_put_into_two_lots_at_once_is_in_one(desk: LotDesk) -> None:
    first, second, third = await desk.dossiers(3)
    answers = await asyncio.gather(
        desk.create([first, second]), desk.create([second, third]), desk.create([third, second, first])
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 201
    assert codes.count(201) == 1, [answer.text for answer in answers]
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} == {"qc.dossier_in_lot"}


async def test_a_lot_that_two_people_decide_at_once_is_decided_once(desk: LotDesk) -> None:
    lot = await desk.drawn(await desk.dossiers(2))
    for page in await desk.waiting(lot):
        await desk.say(page, "accepted")
    other = desk.system.caller(Role.APPROVER, name="tam")
    answers = await asyncio.gather(
        desk.decide(lot, "acceptance"), desk.decide(lot, "acceptance", by=other), desk.decide(lot, "rejection", "x")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    state = (await desk.read(lot))["state"]
    assert len(await desk.published("qc.dossier.accepted.v1")) == (2 if state == "accepted" else 0)


async def test_lots_are_open_to_those_who_may_alone(desk: LotDesk) -> None:
    lot = (await desk.create(await desk.dossiers(1))).json()["id"]
    archivist = desk.system.caller(Role.ARCHIVIST)
    assert (await archivist.get(f"/qc/lots/{lot}")).status_code == 200
    listed = (await archivist.get("/qc/lots", params={"state": "gathering"})).json()["items"]
    assert [each["id"] for each in listed] == [lot]
    for act in ("start", "acceptance", "rejection", "withdrawal", "leave"):
        assert (await archivist.post(f"/qc/lots/{lot}/{act}", json={})).status_code == 403
    assert (await desk.inspector.post(f"/qc/lots/{lot}/leave", json={"leave": "reduced"})).status_code == 403
    unearned = await desk.head.post(f"/qc/lots/{lot}/leave", json={"leave": "reduced", "note": "ổn định"})
    assert refusal(unearned) == (409, "qc.leave_unasked")
    unknown = await desk.head.post(f"/qc/lots/{uuid4()}/acceptance", json={})
    assert refusal(unknown) == (404, "not_found")
    wrong = await desk.create([], terms=STRICT)
    assert wrong.status_code == 422
