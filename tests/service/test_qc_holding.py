"""Pages are handed out so that no two inspectors ever have the same one, and no verdict is lost to the clock."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.qc_desk import Clock, Desk, code_of, wind_up


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return wind_up(monkeypatch)


async def test_a_page_is_handed_out_with_all_that_is_needed_to_judge_it(desk: Desk) -> None:
    dossier = await desk.dossier("pr")
    answer = await desk.inspector("lan").post(f"/qc/scopes/{dossier}/holds", json={}, headers={"Accept-Language": "en"})
    (taken,) = answer.json()["pages"]
    page = taken.pop("page")
    assert taken == {"fonds_code": "P01", "file_code": "H49.01", "title": "Hồ sơ mẫu", "scanned_count": 2}
    assert (page["number"], page["version"], len(page["sha256"])) == (2, 1, 64)
    assert [finding["text"] for finding in page["findings"]] == ["The page seems to be blank."]
    assert page["must_see"] == ["flagged"]
    assert page["pictures"] == {
        "thumbnail": f"/qc/pages/{page['page_id']}/thumbnail?version=1",
        "reading_copy": f"/qc/pages/{page['page_id']}/reading-copy?version=1",
    }
    assert answer.json()["held_until"]


async def test_only_what_waits_for_a_person_is_handed_out_unless_all_is_asked_for(desk: Desk) -> None:
    dossier = await desk.dossier("prpf-p", sampled=(6,))
    assert [page["number"] for page in await desk.take("lan", dossier)] == [2, 4, 6]
    everything = await desk.take("lan", dossier, unflagged_too=True)
    assert [page["number"] for page in everything] == [1, 2, 3, 4, 6], "but what the machine has not looked at"


async def test_inspectors_who_take_at_the_same_time_never_get_the_same_page(desk: Desk) -> None:
    lot = uuid4()
    for _ in range(4):
        await desk.dossier("r" * 15, lot=lot)
    names = ["lan", "minh", "hoa", "tuan"]

    async def work(name: str) -> list[str]:
        found: list[str] = []
        for _ in range(5):
            after = {"after": found[-1]} if found else {}
            found += [page["page_id"] for page in await desk.take(name, lot, 3, **after)]
            await asyncio.sleep(0)
        return found

    taken = await asyncio.gather(*(work(name) for name in names))
    together = [page for pages in taken for page in pages]
    assert len(together) == len(set(together))
    rest = [page["page_id"] for name in names for page in await desk.take(name, lot, 100)]
    assert sorted(rest) == sorted({page["page_id"] for page in await of_lot(desk, lot)}), "each page is somebody's"


async def of_lot(desk: Desk, lot: UUID) -> list[dict[str, Any]]:
    """Give every page of a lot."""
    dossiers = (await desk.inspector("ai").get("/qc/dossiers")).json()["items"]
    return [page for each in dossiers for page in await desk.pages(each["dossier_id"]) if page["lot_id"] == str(lot)]


async def test_taking_again_gives_the_same_pages_and_after_gives_those_behind(desk: Desk) -> None:
    dossier = await desk.dossier("rrrr")
    first = await desk.take("lan", dossier, 2)
    assert await desk.take("lan", dossier, 2) == first
    behind = await desk.take("lan", dossier, 2, after=first[-1]["page_id"])
    assert [page["number"] for page in behind] == [3, 4]
    assert await desk.take("minh", dossier) == []
    unknown = await desk.inspector("lan").post(f"/qc/scopes/{dossier}/holds", json={"after": str(uuid4())})
    assert code_of(unknown) == (404, "not_found")


async def test_a_hold_runs_out_unless_it_is_renewed_or_more_is_taken(desk: Desk, clock: Clock) -> None:
    dossier = await desk.dossier("rrr")
    await desk.take("lan", dossier, 1)
    clock.pass_by(minutes=9)
    (second,) = await desk.take("lan", dossier, 1, after=(await desk.pages(dossier))[0]["page_id"])
    clock.pass_by(minutes=9)
    assert [page["number"] for page in await desk.take("minh", dossier)] == [3], "taking more renewed the first"
    held = (await desk.inspector("lan").put("/qc/holds")).json()
    assert held["held_count"] == 2
    clock.pass_by(minutes=9)
    assert [page["number"] for page in await desk.take("minh", dossier)] == [3], "renewed by hand"
    clock.pass_by(minutes=2)
    assert second["number"] in [page["number"] for page in await desk.take("minh", dossier)]


async def test_pages_that_are_given_back_go_to_the_next(desk: Desk) -> None:
    dossier = await desk.dossier("rr")
    await desk.take("lan", dossier)
    assert await desk.take("minh", dossier) == []
    assert (await desk.inspector("lan").delete("/qc/holds")).status_code == 204
    assert len(await desk.take("minh", dossier)) == 2


async def test_a_verdict_on_a_hold_that_ran_out_counts_unless_somebody_else_has_the_page(
    desk: Desk, clock: Clock
) -> None:
    dossier = await desk.dossier("rrr")
    first, second, third = await desk.take("lan", dossier)
    clock.pass_by(minutes=11)
    assert (await desk.say("lan", first)).status_code == 200, "nobody has it"
    await desk.take("minh", dossier, 1)
    assert code_of(await desk.say("lan", second)) == (409, "qc.page_held")
    assert (await desk.say("minh", second)).status_code == 200
    assert code_of(await desk.say("lan", second)) == (409, "qc.already_judged")
    assert (await desk.say("lan", third)).status_code == 200


async def test_a_page_that_somebody_else_holds_is_not_judged(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    assert code_of(await desk.say("minh", page)) == (409, "qc.page_held")
    assert (await desk.say("lan", page)).status_code == 200


async def test_a_verdict_that_meets_a_taking_comes_before_or_after_it(desk: Desk) -> None:
    dossier = await desk.dossier("r" * 30)
    for page in await desk.pages(dossier):
        said, taken = await asyncio.gather(desk.say("lan", page), desk.take("minh", dossier, 1))
        is_taken = page["page_id"] in {each["page_id"] for each in taken}
        assert code_of(said) == ((409, "qc.page_held") if is_taken else (200, "None")), "never both"
        await desk.inspector("minh").delete("/qc/holds")
        await desk.say("lan", page)


async def test_a_locked_scope_gives_its_pages_to_one_inspector(desk: Desk, clock: Clock) -> None:
    lot = uuid4()
    dossier, other = await desk.dossier("rr", lot=lot), await desk.dossier("r", lot=lot)
    (held,) = await desk.take("minh", other)
    path = f"/qc/scopes/{dossier}/lock"
    locked = await desk.inspector("lan").put(path)
    assert (locked.status_code, locked.json()["inspector"]) == (200, "lan")
    assert code_of(await desk.inspector("minh").put(path)) == (409, "qc.scope_locked")
    whole = await desk.inspector("minh").put(f"/qc/scopes/{lot}/lock")
    assert (*code_of(whole), whole.json()["inspector"]) == (409, "qc.scope_locked", "lan")
    taken = await desk.inspector("minh").post(f"/qc/scopes/{dossier}/holds", json={})
    assert code_of(taken) == (409, "qc.scope_locked")
    assert await desk.take("minh", lot) == [held], "what is locked in a lot is passed over"
    page = (await desk.pages(dossier))[0]
    assert code_of(await desk.say("minh", page)) == (409, "qc.scope_locked")
    progress = (await desk.inspector("minh").get(f"/qc/scopes/{dossier}/progress")).json()
    assert progress["locked_by"] == "lan"
    clock.pass_by(minutes=29)
    assert (await desk.inspector("lan").put(path)).status_code == 200, "renewed"
    clock.pass_by(minutes=29)
    assert code_of(await desk.inspector("minh").put(path)) == (409, "qc.scope_locked")
    clock.pass_by(minutes=2)
    assert (await desk.say("lan", page)).status_code == 200, "nobody took over, so nothing is lost"
    assert (await desk.inspector("minh").put(path)).status_code == 200, "it ran out"
    assert (await desk.inspector("minh").delete(path)).status_code == 204
    assert len(await desk.take("lan", dossier)) == 1


async def test_a_locked_lot_locks_its_dossiers(desk: Desk) -> None:
    lot = uuid4()
    dossier = await desk.dossier("r", lot=lot)
    assert (await desk.inspector("lan").put(f"/qc/scopes/{lot}/lock")).status_code == 200
    assert code_of(await desk.inspector("minh").put(f"/qc/scopes/{dossier}/lock")) == (409, "qc.scope_locked")
    taken = await desk.inspector("minh").post(f"/qc/scopes/{dossier}/holds", json={})
    assert code_of(taken) == (409, "qc.scope_locked")
    await desk.inspector("minh").delete(f"/qc/scopes/{lot}/lock")
    assert code_of(await desk.inspector("minh").put(f"/qc/scopes/{lot}/lock")) == (409, "qc.scope_locked"), "not his"


async def test_two_who_lock_at_the_same_time_are_not_both_let_in(desk: Desk) -> None:
    lot = uuid4()
    dossiers = [await desk.dossier("r", lot=lot) for _ in range(3)]
    wanted = [("lan", lot), ("minh", lot), ("hoa", dossiers[0]), ("tuan", dossiers[0])]
    for _ in range(5):
        answers = await asyncio.gather(
            *(desk.inspector(name).put(f"/qc/scopes/{scope}/lock") for name, scope in wanted)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        for name, scope in wanted:
            await desk.inspector(name).delete(f"/qc/scopes/{scope}/lock")


async def test_what_is_no_scope_or_is_concluded_gives_no_pages(desk: Desk) -> None:
    nowhere = await desk.inspector("lan").post(f"/qc/scopes/{uuid4()}/holds", json={})
    assert code_of(nowhere) == (404, "not_found")
    dossier = await desk.dossier("p")
    assert (await desk.inspector("lan").post(f"/qc/dossiers/{dossier}/acceptance", json={})).status_code == 200
    concluded = await desk.inspector("lan").post(f"/qc/scopes/{dossier}/holds", json={})
    assert code_of(concluded) == (409, "qc.dossier_concluded")
    page = (await desk.pages(dossier))[0]
    assert code_of(await desk.say("lan", page)) == (409, "qc.dossier_concluded")


async def test_a_lot_gives_pages_of_those_dossiers_that_are_not_concluded(desk: Desk) -> None:
    lot = uuid4()
    done, _open = await desk.dossier("p", lot=lot), await desk.dossier("pr", lot=lot)
    assert (await desk.inspector("lan").post(f"/qc/dossiers/{done}/acceptance", json={})).status_code == 200
    assert len(await desk.take("lan", lot, unflagged_too=True)) == 2


async def test_an_auditor_reads_but_takes_nothing(desk: Desk) -> None:
    dossier = await desk.dossier("r")
    auditor = desk.system.caller(Role.AUDITOR)
    assert (await auditor.get(f"/qc/scopes/{dossier}/progress")).status_code == 200
    assert code_of(await auditor.post(f"/qc/scopes/{dossier}/holds", json={})) == (403, "forbidden")
