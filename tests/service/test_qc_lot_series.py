"""Lots of a series decide about the next: tightened, reduced with leave, ended and resumed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.lot_desk import LotDesk, Told, refusal

ONE_CLASS = {"scheme": "iso2859", "level": "S-1", "critical": 0, "major": 6.5, "minor": 6.5}
PAGES = 8  # letter A at this level: 2 pages, none of them may have a defect


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("qc") as made:
        yield made


@pytest.fixture
def desk(system: Bench, ground: Ground, made_pages: list[Path]) -> LotDesk:
    return LotDesk(system, ground, made_pages)


async def gathered(desk: LotDesk, series: str) -> Told:
    made = await desk.create([await desk.laid(PAGES)], series=series, terms=ONE_CLASS)
    assert made.status_code == 201, made.text
    told: Told = made.json()
    return told


async def passed(desk: LotDesk, lot: Told, *, is_good: bool) -> str:
    """Draw, judge and decide a lot; gives how severely its major defects were inspected."""
    started = await desk.inspector.post(f"/qc/lots/{lot['id']}/start")
    assert started.status_code == 200, started.text
    for page in await desk.waiting(lot["id"]):
        if is_good:
            await desk.say(page, "accepted")
        else:
            await desk.order_rescan(page)
    decided = await desk.decide(lot["id"], "acceptance" if is_good else "rejection")
    assert decided.status_code == 200, decided.text
    return severity(started.json())


def severity(lot: Told) -> str:
    """Give how severely the major defects of a lot are inspected."""
    return next(str(each["severity"]) for each in lot["plan"]["classes"] if each["name"] == "major")


async def test_two_rejected_lots_tighten_their_series_alone_and_five_more_end_it_until_there_is_leave(
    desk: LotDesk,
) -> None:
    for _ in range(2):
        assert await passed(desk, await gathered(desk, "gói 1"), is_good=False) == "normal"
    assert severity(await gathered(desk, "gói 2")) == "normal"
    for _ in range(5):
        assert await passed(desk, await gathered(desk, "gói 1"), is_good=False) == "tightened"
    ended = await gathered(desk, "gói 1")
    unasked = await desk.head.post(f"/qc/lots/{ended['id']}/leave", json={"leave": "reduced"})
    assert refusal(unasked) == (409, "qc.leave_unasked")
    assert ended["is_discontinued"] is True
    start = f"/qc/lots/{ended['id']}/start"
    assert refusal(await desk.inspector.post(start)) == (409, "qc.series_discontinued")
    await desk.head.post(f"/qc/lots/{ended['id']}/leave", json={"leave": "resumed", "note": "đã thay máy quét"})
    assert await passed(desk, ended, is_good=True) == "tightened"
    following = await gathered(desk, "gói 1")
    assert (following["is_discontinued"], severity(following)) == (False, "tightened")


async def test_leave_that_a_lot_does_not_ask_for_is_refused(desk: LotDesk) -> None:
    percentage = {"scheme": "percentage", "allowed_percent": 1}
    plain = await gathered(desk, "gói mới")
    share = (await desk.create([await desk.laid(PAGES)], series="gói mới", terms=percentage)).json()
    for lot in (plain, share):
        for leave in ("reduced", "resumed"):
            answer = await desk.head.post(f"/qc/lots/{lot['id']}/leave", json={"leave": leave})
            assert refusal(answer) == (409, "qc.leave_unasked")
        assert (await desk.inspector.get(f"/qc/lots/{lot['id']}")).json()["leave"] == ""


async def test_fifteen_good_lots_earn_reduced_inspection_which_begins_with_leave_and_ends_with_a_rejection(
    desk: LotDesk,
) -> None:
    for _ in range(15):
        assert await passed(desk, await gathered(desk, ""), is_good=True) == "normal"
    lot = await gathered(desk, "")
    assert [(each["name"], each["may_reduce"]) for each in lot["standings"]][1:] == [("major", True), ("minor", True)]
    assert severity(lot) == "normal"
    allowed = await desk.head.post(f"/qc/lots/{lot['id']}/leave", json={"leave": "reduced"})
    assert severity(allowed.json()) == "reduced"
    assert await passed(desk, lot, is_good=True) == "reduced"
    assert await passed(desk, await gathered(desk, ""), is_good=False) == "reduced", "leave is needed once"
    assert severity(await gathered(desk, "")) == "normal"


async def test_a_lot_of_two_thousand_pages_has_the_plan_of_letter_k_and_judges_its_classes_apart(desk: LotDesk) -> None:
    lot = await desk.drawn([await desk.laid(1000), await desk.laid(1000)])
    shown = await desk.read(lot)
    assert (shown["plan"]["letter"], shown["plan"]["size"], shown["waiting_count"]) == ("K", 125, 125)
    sample = await desk.waiting(lot)
    for page in sample[:5]:
        await desk.say(page, "accepted_with_reservation", "hơi nghiêng")
    for page in sample[5:8]:
        await desk.order_rescan(page)
    told = await desk.read(lot)
    found = {each["name"]: (each["found"], each["is_accepted"]) for each in told["result"]["classes"]}
    assert found == {"critical": (0, None), "major": (3, None), "minor": (5, None)}
    assert (told["result"]["judged"], told["judged_count"], told["waiting_count"]) == (8, 8, 120)
    await desk.say(sample[8], "rejected", "mất chữ")
    assert (await desk.read(lot))["result"]["is_accepted"] is False
