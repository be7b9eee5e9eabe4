"""A lot before its sample is drawn: how many pages can be drawn, and that it may be given up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.lot_desk import LotDesk


@pytest.fixture
async def desk(at_work: Set, ground: Ground, made_pages: list[Path]) -> AsyncIterator[LotDesk]:
    async with at_work("qc") as system:
        yield LotDesk(system, ground, made_pages)


async def test_a_lot_is_withdrawn_without_a_word_too(desk: LotDesk) -> None:
    lot = (await desk.create([await desk.laid(4)])).json()["id"]
    withdrawn = await desk.inspector.post(f"/qc/lots/{lot}/withdrawal")
    assert (withdrawn.status_code, withdrawn.json()["state"], withdrawn.json()["note"]) == (200, "withdrawn", "")


async def test_the_pages_that_can_be_drawn_are_counted_before_the_start(desk: LotDesk) -> None:
    made = (await desk.create(await desk.dossiers(1, broken=2), terms={"scheme": "percentage"})).json()
    assert (made["plan"]["size"], made["drawn_count"]) == (4, 2), "two are looked at anyway"
    started = (await desk.inspector.post(f"/qc/lots/{made['id']}/start")).json()
    assert (started["drawn_count"], started["waiting_count"]) == (2, 4)
    for page in await desk.waiting(made["id"]):
        if page["judgement"] == "pass":
            await desk.say(page, "accepted")
        else:
            await desk.say(page, "rejected", "không mở được")
    read = await desk.read(made["id"])
    assert (read["result"]["judged"], read["result"]["classes"][0]["found"]) == (2, 0), "outside the draw"
    assert read["result"]["is_accepted"] is True
    larger = (await desk.create([await desk.laid(100)])).json()
    assert larger["drawn_count"] == larger["plan"]["size"] < 100
