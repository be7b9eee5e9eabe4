"""Evidence noted by filter: filled in by dossier, seen before it is written, and never empty."""

from typing import Any

import httpx

from services.catalog.models import CriterionMark
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

ASK = {"act": "give", "criterion": "unusual_carrier", "evidence": "{years} {carrier}"}


async def looked(desk: Desk, told: dict[str, str]) -> dict[str, Any]:
    """Look at what an act on every dossier would do."""
    answer = await desk.archivist.post("/catalog/markings/preview", json=told)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act(desk: Desk, told: dict[str, str], seen: str) -> httpx.Response:
    """Do it."""
    return await desk.archivist.post("/catalog/markings", json={**told, "seen": seen})


async def test_a_dossier_that_fills_nothing_in_is_told_and_not_marked(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        bare, dated = await desk.dossier(1), await desk.dossier(2, starts_on="1954")
        told = await looked(desk, ASK)
        made = await act(desk, ASK, told["seen"])
        read = [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json() for each in (bare, dated)]
        alone = await looked(desk, {**ASK, "evidence": "{carrier}", "criterion": "at_risk"})
        nothing = await act(desk, {**ASK, "evidence": "{carrier}", "criterion": "at_risk"}, alone["seen"])
    assert (told["count"], told["to_mark"], told["untold"]) == (2, 1, 1)
    assert told["first_untold"] == [{"dossier_id": bare, "file_code": "H49.1954.1", "evidence": ""}]
    assert told["texts"] == [{"dossier_id": dated, "file_code": "H49.1954.2", "evidence": "1954"}]
    assert made.json()["dossier_count"] == 1
    assert [each["criteria"] for each in read] == [{}, {"unusual_carrier": "1954"}]
    assert "no_criterion_with_evidence" in [each["code"] for each in read[0]["blocks"]]
    assert (nothing.status_code, nothing.json()["code"]) == (422, "catalog.nothing_to_mark")


async def test_what_was_marked_so_comes_back_from_its_export_unchanged(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        for number, years in enumerate(({}, {"starts_on": "1954"}, {"carrier": "leaf"})):
            await desk.dossier(number, **years)
        await act(desk, ASK, (await looked(desk, ASK))["seen"])
        url = f"/catalog/fonds/{desk.fonds_id}/export"
        exported = await desk.archivist.get(url, params={"level": "dossiers"})
        read = (await desk.send(exported.content, dry_run="true")).json()
    assert (read["rejected"], read["updated"], read["unchanged"]) == (0, 0, 3), read["errors"]


async def test_a_place_that_nothing_fills_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.dossier(1, starts_on="1954")
        told = {**ASK, "evidence": "{years} {x} {title}"}
        refused = [await desk.archivist.post("/catalog/markings/preview", json=told), await act(desk, told, "0" * 64)]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (422, "catalog.evidence_place_unknown")
    ] * 2
    assert (refused[0].json()["places"], refused[0].json()["known"]) == (
        ["x", "title"],
        ["years", "conditions", "carrier"],
    )


async def test_evidence_that_nobody_looked_at_is_not_written(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(1, starts_on="1954")
        seen = (await looked(desk, {**ASK, "evidence": "Đúng: {years}"}))["seen"]
        other = await act(desk, {**ASK, "evidence": "Chưa ai xem"}, seen)
        same = await act(desk, {**ASK, "evidence": "Đúng: {years}"}, seen)
        noted = {**ASK, "act": "note", "evidence": "Mục lục số 7"}
        seen = (await looked(desk, noted))["seen"]
        renoted = await act(desk, {**noted, "evidence": "Mục lục số 8"}, seen)
        kept = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["criteria"]
    assert [(each.status_code, each.json()["code"]) for each in (other, renoted)] == [
        (412, "catalog.selection_changed")
    ] * 2
    assert (same.status_code, kept) == (201, {"unusual_carrier": "Đúng: 1954"})


async def test_spaces_that_were_stored_as_evidence_open_no_gate(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id, listed = await desk.dossier(1), await desk.chosen(2)
        list_id = await desk.list_of(listed)
        async with desk.database.writing() as uow:
            for each in (dossier_id, listed):
                found = (await desk.stored(each)).id
                await uow.session.merge(CriterionMark(dossier_id=found, criterion="permanent", evidence=" "))
        refused = await desk.put_on(list_id, dossier_id)
        submitted = await desk.submit(list_id)
        blocks = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["blocks"]
    assert [each["code"] for each in blocks] == ["no_criterion_with_evidence"]
    assert refused.json()["reasons"] == {dossier_id: ["no_criterion_with_evidence"]}
    assert submitted.json()["reasons"] == {listed: ["no_criterion_with_evidence"]}
