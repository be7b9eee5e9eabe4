"""Refused verdicts: a key that was refused for what had happened before stays refused, whatever happens after."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from services.qc.models import RefusedVerdict
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.qc_desk import Desk, code_of, queued, results, send, told, wind_up


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


async def test_what_was_refused_before_an_undoing_stays_refused_when_the_queue_comes_again(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    first, second = queued(page), queued(page)
    queue = [first, second, {"key": str(uuid4()), "undoes": first["key"]}]
    answers = await send(desk, "lan", *queue, second)
    assert results(answers) == ["accepted", "qc.already_judged", "undone", "qc.already_judged"]
    assert await send(desk, "lan", *queue, second) == answers
    assert (await desk.pages(dossier))[0]["verdict"] is None, "it was taken back"
    (changed,) = await send(desk, "lan", {**second, "verdict": "rejected", "reason": "blurred"})
    assert changed["refused"]["code"] == "qc.key_reused"
    assert results(await send(desk, "minh", second)) == ["qc.key_reused"]
    assert results(await send(desk, "lan", queued(page))) == ["accepted"], "under a new key"


async def test_a_verdict_that_was_refused_alone_stays_refused_too(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    given = (await desk.say("lan", page, "rescan", reason="dark")).json()
    lan, path = desk.inspector("lan"), f"/qc/verdicts/{uuid4()}"
    refused = await lan.put(path, json=told(page))
    assert code_of(refused) == (409, "qc.rescan_open")
    await desk.undo("lan", given["key"])
    assert code_of(await lan.put(path, json=told(page))) == (409, "qc.rescan_open")
    stale, older = f"/qc/verdicts/{uuid4()}", told({**page, "sha256": "0" * 64})
    answers = [(await lan.put(stale, json=older)).json() for _ in range(2)]
    assert [(each["code"], each["version"]) for each in answers] == [("qc.image_stale", 1)] * 2
    assert answers[0]["detail"] == answers[1]["detail"]


async def test_what_passes_by_itself_is_looked_at_anew(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("minh", dossier)
    verdict = queued(page)
    assert results(await send(desk, "lan", verdict)) == ["qc.page_held"]
    await desk.inspector("minh").delete("/qc/holds")
    assert results(await send(desk, "lan", verdict)) == ["accepted"]


async def test_a_malformed_verdict_stops_none_of_its_queue(desk: Desk) -> None:
    one, two = await desk.take("lan", await desk.dossier("rr"))
    wrong = queued(one, "perfect")
    nothing: Any = 7
    queue = [queued(one), wrong, nothing, {"key": "k"}, {"undoes": str(uuid4())}, queued(two, "accepted", colour="x")]
    answers = await send(desk, "lan", *queue, queued(two))
    assert results(answers) == ["accepted", *["invalid_request"] * 5, "accepted"]
    assert [answer["key"] for answer in answers[1:6]] == [wrong["key"], None, None, None, queue[5]["key"]]
    refused = answers[1]["refused"]
    assert (refused["status"], refused["title"] != "invalid_request") == (422, True)
    assert any("verdict" in field["field"] for field in refused["facts"]["fields"])


async def test_a_refusal_is_forgotten_when_no_queue_can_bring_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = wind_up(monkeypatch)
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    await send(desk, "lan", queued(page), queued(page))
    clock.pass_by(days=91)
    await send(desk, "lan", queued(page))
    async with desk.system.services["qc"].context.database.reading() as session:
        assert len((await session.exec(select(RefusedVerdict))).all()) == 1
