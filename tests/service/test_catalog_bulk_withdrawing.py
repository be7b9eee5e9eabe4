"""A criterion taken away by filter, or its evidence noted anew: looked at, done as one act, taken back as one."""

from typing import Any

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

LEAVES = {"carrier": "leaf"}
WITHDRAW = {"act": "withdraw", "criterion": "permanent"}
NOTE = {"act": "note", "criterion": "permanent", "evidence": "Mục lục số 7, {years}"}


async def previewed(desk: Desk, told: dict[str, str]) -> dict[str, Any]:
    """Look at what an act would do."""
    answer = await desk.archivist.post("/catalog/markings/preview", params=LEAVES, json=told)
    assert answer.status_code == 200, answer.text
    looked: dict[str, Any] = answer.json()
    return looked


async def criteria(desk: Desk, *dossier_ids: str) -> list[dict[str, str]]:
    """Give the criteria of dossiers with their evidence."""
    return [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json()["criteria"] for each in dossier_ids]


async def test_a_criterion_is_taken_away_and_comes_back_with_the_evidence_that_each_had(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, bare, frozen = [await desk.chosen(number, carrier="leaf") for number in range(3)]
        marks = {"criteria": [{"criterion": "permanent", "evidence": "của tôi"},
                              {"criterion": "at_risk", "evidence": "mủn"}]}  # fmt: skip
        await desk.put(f"/catalog/dossiers/{first}/criteria", marks)
        await desk.put(f"/catalog/dossiers/{bare}/criteria", {"criteria": []})
        await desk.submit(await desk.list_of(frozen))
        second = await desk.chosen(4, carrier="leaf")
        looked = await previewed(desk, WITHDRAW)
        made = await desk.archivist.post("/catalog/markings", params=LEAVES, json={**WITHDRAW, "seen": looked["seen"]})
        after = await criteria(desk, first, bare, frozen, second)
        found = (await desk.auditor.get("/catalog/dossiers", params={"criterion": "permanent"})).json()["items"]
        undone = await desk.archivist.post(f"/catalog/markings/{made.json()['id']}/undoing")
        back = await criteria(desk, first, bare, frozen, second)
        again = (await desk.auditor.get("/catalog/dossiers", params={"criterion": "permanent"})).json()["items"]
        acts = [act for act in await desk.acts() if "mark" in act]
    own = {"permanent": "Mục lục số 1"}
    assert [looked[name] for name in ("count", "to_mark", "marked", "unmarked", "frozen")] == [4, 2, 0, 1, 1]
    assert looked["blocks"] == [
        {"code": "no_criterion_with_evidence", "message": looked["blocks"][0]["message"], "count": 1}
    ]
    assert (made.status_code, made.json()["act"], made.json()["dossier_count"]) == (201, "withdraw", 2)
    assert after == [{"at_risk": "mủn"}, {}, own, {}]
    assert [each["id"] for each in found] == [frozen]
    assert undone.json()["undone_by"] == "lan"
    assert back == [{"permanent": "của tôi", "at_risk": "mủn"}, {}, own, own]
    assert [each["id"] for each in again] == [first, frozen, second]
    assert acts == ["criterion.unmarked", "marking.undone"]


async def test_evidence_is_noted_anew_where_the_criterion_is_given_and_comes_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = await desk.chosen(1, carrier="leaf", starts_on="1930")
        bare = await desk.dossier(2, carrier="leaf")
        looked = await previewed(desk, NOTE)
        made = await desk.archivist.post("/catalog/markings", params=LEAVES, json={**NOTE, "seen": looked["seen"]})
        noted = await criteria(desk, first, bare)
        settled = await previewed(desk, NOTE)
        await desk.archivist.post(f"/catalog/markings/{made.json()['id']}/undoing")
        back = await criteria(desk, first, bare)
    assert [looked[name] for name in ("count", "to_mark", "marked", "unmarked")] == [2, 1, 0, 1]
    assert noted == [{"permanent": "Mục lục số 7, 1930"}, {}]
    assert [settled[name] for name in ("to_mark", "marked", "unmarked")] == [0, 1, 1]
    assert back == [{"permanent": "Mục lục số 1"}, {}]


async def test_what_was_looked_at_for_one_act_is_not_done_as_another(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        kept = await desk.chosen(1, carrier="leaf")
        seen = (await previewed(desk, NOTE))["seen"]
        other = await desk.archivist.post("/catalog/markings", params=LEAVES, json={**WITHDRAW, "seen": seen})
        told = [{**WITHDRAW, "evidence": "x"}, {**NOTE, "evidence": " "}, {**WITHDRAW, "act": "keep"}]
        wrong = [await desk.archivist.post("/catalog/markings/preview", params=LEAVES, json=each) for each in told]
        assert await criteria(desk, kept) == [{"permanent": "Mục lục số 1"}]
    assert (other.status_code, other.json()["code"]) == (412, "catalog.selection_changed")
    assert [each.json()["code"] for each in wrong] == ["invalid_request"] * 3
