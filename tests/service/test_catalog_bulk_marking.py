"""Marking by filter: looked at, done as one act, taken back as one, and never of what nobody has seen."""

from typing import Any

import httpx
import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

MARK = {"criterion": "unusual_carrier", "evidence": "Vật mang tin: {carrier}, {years}"}
LEAVES = {"carrier": "leaf,wood"}


async def preview(desk: Desk, **filters: str) -> dict[str, Any]:
    """Look at what marking would do."""
    answer = await desk.archivist.post("/catalog/markings/preview", params=filters or LEAVES, json=MARK)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def mark(desk: Desk, seen: str, **filters: str) -> httpx.Response:
    """Mark what was looked at."""
    return await desk.archivist.post("/catalog/markings", params=filters or LEAVES, json={**MARK, "seen": seen})


async def undo(desk: Desk, marking_id: str) -> httpx.Response:
    """Take an act back."""
    return await desk.archivist.post(f"/catalog/markings/{marking_id}/undoing")


async def found(desk: Desk, **filters: str) -> list[str]:
    """Give the ids of what is found."""
    return [each["id"] for each in (await desk.auditor.get("/catalog/dossiers", params=filters)).json()["items"]]


async def test_what_was_looked_at_is_marked_with_its_own_evidence_and_taken_back_as_one(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first = await desk.dossier(1, carrier="leaf", starts_on="1930", ends_on="1945")
        second = await desk.chosen(2, carrier="wood", is_arranged=False)
        await desk.dossier(3, carrier="paper")
        looked = await preview(desk)
        assert await found(desk, criterion="unusual_carrier") == []
        made = await mark(desk, looked["seen"])
        marked = await found(desk, criterion="unusual_carrier")
        read = (await desk.auditor.get(f"/catalog/dossiers/{first}")).json()
        acts = (await desk.auditor.get("/catalog/markings")).json()["items"]
        undone = await undo(desk, made.json()["id"])
        again = await undo(desk, made.json()["id"])
        after = [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json() for each in (first, second)]
        history = (await desk.auditor.get(f"/catalog/dossiers/{second}/history")).json()["items"]
        assert await found(desk, criterion="unusual_carrier") == []
        recorded = await desk.acts()
    assert (looked["count"], looked["to_mark"], looked["marked"], looked["frozen"]) == (2, 2, 0, 0)
    assert [each["id"] for each in looked["first"]] == [first, second]
    assert looked["blocks"] == [{"code": "not_arranged", "message": "Chưa chỉnh lý hoàn chỉnh.", "count": 1}]
    assert (made.status_code, made.json()["dossier_count"], made.json()["filters"]) == (201, 2, LEAVES)
    assert marked == [first, second]
    assert (read["criteria"], read["version"]) == ({"unusual_carrier": "Vật mang tin: lá, 1930-1945"}, 2)
    assert [each["id"] for each in acts] == [made.json()["id"]]
    assert undone.json()["undone_by"] == "lan"
    assert again.json() == undone.json()
    assert [(each["criteria"], each["version"]) for each in after] == [({}, 3), ({"permanent": "Mục lục số 1"}, 4)]
    assert [each["act"] for each in history] == ["marking.undone", "criterion.marked", "criteria.set"]
    assert [act for act in recorded if "mark" in act] == ["criterion.marked", "marking.undone"]


async def test_what_changed_since_it_was_looked_at_is_not_marked(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(1, carrier="leaf")
        seen = (await preview(desk))["seen"]
        await desk.dossier(2, carrier="leaf")
        grown = await mark(desk, seen)
        seen = (await preview(desk))["seen"]
        told = {"file_code": "H", "title": "khác", "page_count": 10, "carrier": "leaf"}
        await desk.put(f"/catalog/dossiers/{dossier_id}", told)
        changed = await mark(desk, seen)
        assert await found(desk, criterion="unusual_carrier") == []
    assert [(each.status_code, each.json()["code"]) for each in (grown, changed)] == [
        (412, "catalog.selection_changed")
    ] * 2


async def test_acts_are_taken_back_one_after_the_other(ground: Ground) -> None:
    other = {"criterion": "at_risk", "evidence": "mủn", "act": "give"}
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(1, carrier="leaf")
        first = (await mark(desk, (await preview(desk))["seen"])).json()["id"]
        looked = await desk.archivist.post("/catalog/markings/preview", params=LEAVES, json=other)
        told = {**other, "seen": looked.json()["seen"]}
        second = (await desk.archivist.post("/catalog/markings", params=LEAVES, json=told)).json()["id"]
        undone = [await undo(desk, each) for each in (second, first)]
        read = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
    assert [each.status_code for each in undone] == [200, 200]
    assert (read["criteria"], read["version"]) == ({}, 5)


async def test_an_act_is_not_taken_back_over_what_was_changed_since(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        first, second = await desk.dossier(1, carrier="leaf"), await desk.dossier(2, carrier="leaf")
        made = (await mark(desk, (await preview(desk))["seen"])).json()["id"]
        marks = {"criteria": [{"criterion": "at_risk", "evidence": "mủn"}]}
        await desk.put(f"/catalog/dossiers/{first}/criteria", marks)
        changed = await undo(desk, made)
        assert await found(desk, criterion="unusual_carrier") == [second]
        await desk.submit(await desk.list_of(second))
        frozen = await undo(desk, made)
    assert (changed.status_code, changed.json()["code"]) == (409, "catalog.marking_overtaken")
    assert changed.json()["dossiers"] == {first: "changed"}
    assert frozen.json()["dossiers"] == {first: "changed", second: "frozen"}


async def test_what_is_marked_already_or_frozen_is_left_alone(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        frozen, marked, fresh = [await desk.chosen(number, carrier="leaf") for number in range(3)]
        await desk.submit(await desk.list_of(frozen))
        marks = {"criteria": [{"criterion": "unusual_carrier", "evidence": "của tôi"}]}
        await desk.put(f"/catalog/dossiers/{marked}/criteria", marks)
        looked = await preview(desk)
        made = await mark(desk, looked["seen"])
        mine = (await desk.auditor.get(f"/catalog/dossiers/{marked}")).json()
        nothing = await mark(desk, (await preview(desk))["seen"])
        assert await found(desk, criterion="unusual_carrier") == [marked, fresh]
    assert (looked["count"], looked["to_mark"], looked["marked"], looked["frozen"]) == (3, 1, 1, 1)
    assert made.json()["dossier_count"] == 1
    assert mine["criteria"] == {"unusual_carrier": "của tôi"}
    assert (nothing.status_code, nothing.json()["code"]) == (422, "catalog.nothing_to_mark")


async def test_an_act_has_its_bounds_and_its_errors(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "0195c2f0-0000-7000-8000-00000000000a"
    async with catalog_desk(ground) as desk:
        for number in range(3):
            await desk.dossier(number, carrier="leaf")
        old = await desk.archivist.post("/catalog/markings/preview", json={**MARK, "criterion": "old"})
        unproven = await desk.archivist.post("/catalog/markings/preview", json={**MARK, "evidence": " "})
        unseen = await mark(desk, "0" * 63)
        wrong = await desk.archivist.post("/catalog/markings/preview", params={"carrier": "nhựa"}, json=MARK)
        missing = [await desk.auditor.get(f"/catalog/markings/{nowhere}"), await undo(desk, nowhere)]
        monkeypatch.setattr("services.catalog.operations.bulk_looking.MOST_COUNTED", 2)
        many = await desk.archivist.post("/catalog/markings/preview", params=LEAVES, json=MARK)
    assert [each.json()["code"] for each in (old, unproven, unseen, wrong, many)] == [
        "catalog.criterion_unknown", "invalid_request", "invalid_request", "catalog.filter_wrong",
        "catalog.too_many_dossiers",
    ]  # fmt: skip
    assert [(each.status_code, each.json()["code"]) for each in missing] == [(404, "catalog.marking_unknown")] * 2


async def test_descriptions_suggest_criteria_that_a_person_confirms(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        old = await desk.dossier(1, starts_on="1954", ends_on="1957", conditions=["friable", "faded_text"])
        await desk.dossier(2, starts_on="1980", note="tài liệu bị hư hỏng", is_legible=False)
        url = f"/catalog/dossiers/{old}"
        own = (await desk.auditor.get(f"{url}/suggestions")).json()["items"]
        rules = (await desk.auditor.get("/catalog/suggestions")).json()["items"]
        narrow = (await desk.auditor.get("/catalog/suggestions", params={"until_year": "1960"})).json()["items"]
        rule = next(each for each in rules if each["criterion"] == "before_1975")
        body = {name: rule[name] for name in ("criterion", "evidence")}
        looked = await desk.archivist.post("/catalog/markings/preview", params=rule["filters"], json=body)
        seen = {**body, "seen": looked.json()["seen"]}
        await desk.archivist.post("/catalog/markings", params=rule["filters"], json=seen)
        marked = (await desk.auditor.get(url)).json()["criteria"]
        left = (await desk.auditor.get(f"{url}/suggestions")).json()["items"]
        nowhere = await desk.auditor.get(f"/catalog/dossiers/{desk.fonds_id}/suggestions")
    assert own == [
        {"criterion": "permanent", "evidence": "Thời hạn lưu trữ: vĩnh viễn"},
        {"criterion": "before_1975", "evidence": "Thời gian tài liệu 1954-1957, trước năm 1975"},
        {"criterion": "at_risk", "evidence": "Tình trạng: mủn, mờ chữ; còn đọc được"},
    ]
    assert [(each["criterion"], each["count"]) for each in rules] == [
        ("permanent", 2), ("before_1975", 1), ("at_risk", 1)
    ]  # fmt: skip
    assert [each["count"] for each in narrow] == [1, 1, 1]
    assert marked == {"before_1975": "Thời gian tài liệu 1954-1957, trước năm 1975"}
    assert [each["criterion"] for each in left] == ["permanent", "at_risk"]
    assert nowhere.status_code == 404
