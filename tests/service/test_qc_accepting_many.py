"""Many pages accepted at once: only what the machine passed, nobody drew, and the inspector has seen; and the pace."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.qc.models import InspectedDossier
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.qc_desk import Clock, Desk, code_of, wind_up


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


async def accept_many(desk: Desk, name: str, scope: UUID, key: UUID | None = None) -> httpx.Response:
    return await desk.inspector(name).post(f"/qc/scopes/{scope}/acceptances", json={"key": str(key or uuid4())})


def accepted(pages: list[dict[str, Any]]) -> list[int]:
    return [page["number"] for page in pages if page["verdict"] == "accepted"]


async def test_only_pages_that_are_unflagged_undrawn_and_seen_are_accepted_together(desk: Desk) -> None:
    dossier = await desk.dossier("pprp-p", sampled=(2,))
    nothing = await accept_many(desk, "lan", dossier)
    assert (nothing.status_code, nothing.json()["accepted_count"]) == (200, 0), "lan has seen none of them"
    await desk.take("lan", dossier, 3, unflagged_too=True)
    answer = (await accept_many(desk, "lan", dossier)).json()
    assert (answer["accepted_count"], answer["is_all"]) == (1, True)
    assert accepted(await desk.pages(dossier)) == [1]
    await desk.take("lan", dossier, unflagged_too=True)
    assert (await accept_many(desk, "lan", dossier)).json()["accepted_count"] == 2
    assert accepted(await desk.pages(dossier)) == [1, 4, 6]


async def test_a_picture_that_was_fetched_has_been_seen_by_whoever_fetched_it(desk: Desk) -> None:
    dossier = await desk.dossier("ppp")
    pages = await desk.pages(dossier)
    for page, kind in zip(pages[:2], ("thumbnail", "reading"), strict=True):
        key = f"{dossier}/{page['page_id']}/v1-{kind}.jpg"
        await desk.ground.store("derived").lay(key, b"\xff\xd8\xff")
    small, large = pages[0]["pictures"]["thumbnail"], pages[1]["pictures"]["reading_copy"]
    auditor = desk.system.caller(Role.AUDITOR)
    fetched = await asyncio.gather(
        *(desk.inspector("lan").get(path) for path in (small, small, large)), auditor.get(small)
    )
    assert [answer.content for answer in fetched] == [b"\xff\xd8\xff"] * 4
    assert "max-age" in fetched[0].headers["cache-control"]
    newest = await auditor.get(small.partition("?")[0])
    assert newest.headers["cache-control"] == "private, no-cache", "another version may be the newest tomorrow"
    assert (await accept_many(desk, "minh", dossier)).json()["accepted_count"] == 0
    assert (await accept_many(desk, "lan", dossier)).json()["accepted_count"] == 2


async def test_many_pictures_at_once_do_not_wait_for_each_other(desk: Desk) -> None:
    pages = await desk.pages(await desk.dossier("p" * 30))
    for page in pages:
        await desk.ground.store("derived").lay(f"{page['dossier_id']}/{page['page_id']}/v1-thumbnail.jpg", b"\xff\xd8")
    async with asyncio.timeout(10):  # whoever held one connection and waited for a second would wait longer
        fetched = await asyncio.gather(*(desk.inspector("lan").get(page["pictures"]["thumbnail"]) for page in pages))
    assert {answer.status_code for answer in fetched} == {200}


async def test_many_are_not_accepted_before_the_sample_is_drawn(desk: Desk) -> None:
    dossier = await desk.dossier("pp")
    async with desk.system.services["qc"].context.database.writing() as uow:
        (await uow.session.get_one(InspectedDossier, dossier)).seed = None
    await desk.take("lan", dossier, unflagged_too=True)
    assert (await accept_many(desk, "lan", dossier)).json()["accepted_count"] == 0


async def test_a_page_that_was_scanned_again_is_not_accepted_among_many(desk: Desk) -> None:
    dossier = await desk.dossier("pp")
    (first, _second) = await desk.take("lan", dossier, unflagged_too=True)
    await desk.rescanned(first)
    assert (await accept_many(desk, "lan", dossier)).json()["accepted_count"] == 1


async def test_what_somebody_else_holds_or_locks_is_left_out(desk: Desk) -> None:
    lot = uuid4()
    one, two = await desk.dossier("pp", lot=lot), await desk.dossier("pp", lot=lot)
    for name in ("lan", "minh"):
        await desk.take(name, lot, 3, unflagged_too=True)
        await desk.inspector(name).delete("/qc/holds")
    first = min(one, two)
    await desk.take("minh", lot, 1, unflagged_too=True)
    assert (await accept_many(desk, "lan", lot)).json()["accepted_count"] == 2, "seen three, one is on minh's desk"
    await desk.inspector("minh").put(f"/qc/scopes/{first}/lock")
    assert code_of(await accept_many(desk, "lan", first)) == (409, "qc.scope_locked")


async def test_the_same_key_accepts_once_also_when_sent_at_once(desk: Desk) -> None:
    dossier, other = await desk.dossier("p" * 30), await desk.dossier("p")
    await desk.take("lan", dossier, 30, unflagged_too=True)
    key = uuid4()
    answers = await asyncio.gather(*(accept_many(desk, "lan", dossier, key) for _ in range(4)))
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert answers[0].json()["accepted_count"] == 30
    assert code_of(await accept_many(desk, "minh", dossier, key)) == (409, "qc.key_reused")
    assert code_of(await accept_many(desk, "lan", other, key)) == (409, "qc.key_reused")


async def test_a_key_under_which_there_was_nothing_is_known_too(desk: Desk) -> None:
    dossier, other, key = await desk.dossier("pp"), await desk.dossier("p"), uuid4()
    first = await asyncio.gather(*(accept_many(desk, "lan", dossier, key) for _ in range(3)))
    assert [answer.json()["accepted_count"] for answer in first] == [0, 0, 0]
    await desk.take("lan", dossier, unflagged_too=True)
    assert (await accept_many(desk, "lan", dossier, key)).json() == first[0].json(), "the answer of then"
    assert code_of(await accept_many(desk, "minh", dossier, key)) == (409, "qc.key_reused")
    assert code_of(await accept_many(desk, "lan", other, key)) == (409, "qc.key_reused")
    assert (await accept_many(desk, "lan", dossier)).json()["accepted_count"] == 2


async def test_each_of_many_can_be_undone(desk: Desk) -> None:
    dossier = await desk.dossier("ppp")
    await desk.take("lan", dossier, unflagged_too=True)
    given = (await accept_many(desk, "lan", dossier)).json()["verdict_ids"]
    queue = [{"key": str(uuid4()), "undoes": each} for each in given]
    answers = (await desk.inspector("lan").post("/qc/verdicts", json={"verdicts": queue})).json()["answers"]
    assert [each["given"]["verdict"] for each in answers] == ["undone"] * 3
    assert accepted(await desk.pages(dossier)) == []


async def test_progress_counts_what_is_left_and_paces_leave_pauses_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock: Clock = wind_up(monkeypatch)
    lot = uuid4()
    dossier = await desk.dossier("rrrrrppf-", sampled=(6,), lot=lot)
    await desk.dossier("pr", lot=lot)
    pages = await desk.take("lan", dossier)
    begun = (await desk.inspector("lan").get(f"/qc/scopes/{dossier}/progress")).json()
    assert (begun["pages_a_minute"], begun["seconds_left"]) == (None, None)
    for page, pause in zip(pages[:5], (6, 6, 3600, 6, 6), strict=True):
        clock.pass_by(seconds=pause)
        verdict = {"verdict": "rescan", "reason": "cut"} if page["number"] == 1 else {}
        assert (await desk.say("lan", page, **verdict)).status_code == 200
    told = (await desk.inspector("lan").get(f"/qc/scopes/{dossier}/progress")).json()
    counts = ("page_count", "unchecked_count", "judged_count", "left_count", "must_see_left", "open_rescans")
    assert [told[name] for name in counts] == [9, 1, 5, 4, 2, 1]
    assert told["pages_a_minute"] == pytest.approx(10, rel=0.1), "18 seconds for three pages, and an hour of lunch"
    assert told["seconds_left"] == pytest.approx(12, abs=2)
    others = (await desk.inspector("minh").get(f"/qc/scopes/{lot}/progress")).json()
    assert [others[name] for name in counts] == [11, 1, 5, 6, 3, 1]
    assert others["pages_a_minute"] is None
    assert others["scope_pages_a_minute"] == told["scope_pages_a_minute"]
