"""The title of a series is approved with the dossiers in it: no list changes because somebody gives it another."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlmodel import col, select

from services.catalog.models import Series
from services.catalog.models.lists import ListEntry
from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, decided
from tests.service.test_catalog_importing_fonds import COLUMNS, OF_SERIES, THERE, send

ROW: dict[str, object] = {"fondsCode": "P01", "seriesCode": "II", "seriesTitle": "Đê điều"}
OTHER = {**ROW, "seriesTitle": "Kè"}


async def in_series(desk: Desk) -> str:
    """Add a series, and a dossier of it that may be listed."""
    url = f"/catalog/fonds/{desk.fonds_id}/series"
    assert (await desk.archivist.post(url, json={"code": "II", "title": "Đê điều"})).status_code == 201
    return await desk.chosen(series_code="II")


async def printed(desk: Desk, list_id: str) -> set[object]:
    """Give the series in the inventory of a list."""
    answer = await desk.auditor.get(f"/catalog/lists/{list_id}/papers/inventory.xlsx")
    rows = load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return {row[-1] for row in rows if str(row[-1]).startswith("II.")}


async def titled(desk: Desk, list_id: str) -> list[str]:
    """Give the series in the totals of a list."""
    totals = (await desk.auditor.get(f"/catalog/lists/{list_id}/totals")).json()
    return [each["title"] for each in totals["series"]]


async def renamed(desk: Desk, title: str) -> None:
    """Give the series another title, past every rule."""
    async with desk.database.writing() as uow:
        await uow.session.exec(update(Series).values(title=title))


async def test_the_papers_of_an_approved_list_keep_the_title_that_was_approved(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.approved_list(await in_series(desk))
        told = await send(desk, OF_SERIES, OTHER)
        papers, totals = await printed(desk, list_id), await titled(desk, list_id)
        amendment = await desk.amended(list_id)
        now = await printed(desk, amendment), await titled(desk, amendment)
        differences = (await desk.auditor.get(f"/catalog/lists/{amendment}/differences")).json()["items"]
    assert told["updated"] == 1
    assert (papers, totals) == ({"II. Đê điều"}, ["Đê điều"])
    assert now == ({"II. Kè"}, ["Kè"])
    assert [each["fields"] for each in differences] == [[{"field": "series_title", "before": "Đê điều", "after": "Kè"}]]


async def test_a_series_that_a_list_is_decided_on_with_keeps_its_title(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await in_series(desk))
        free = await send(desk, OF_SERIES, OTHER)
        await desk.submit(list_id)
        refused = [await send(desk, OF_SERIES, ROW)]
        await decided(desk.appraiser, list_id, "appraisal", {"opinion": "Đủ căn cứ"})
        refused.append(await send(desk, OF_SERIES, ROW))
        same = await send(desk, OF_SERIES, OTHER)
    assert (free["updated"], same["unchanged"]) == (1, 1)
    assert [[each["code"] for each in told["errors"]] for told in refused] == [["series_code_frozen"]] * 2


async def test_a_title_that_changed_all_the_same_is_not_approved(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await in_series(desk))
        await desk.submit(list_id)
        await renamed(desk, "Kè")
        answer = await desk.approve(list_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.list_changed")


async def test_a_list_from_before_titles_were_frozen_is_approved_and_amended_as_it_is(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await in_series(desk))
        with monkeypatch.context() as older:
            older.setattr("services.catalog.operations.freezing.titled", lambda columns, _row, _series: columns)
            await desk.submit(list_id)
        approved = await desk.approve(list_id)
        async with desk.database.writing() as uow:  # as it was entered then
            entry = (await uow.session.exec(select(ListEntry).where(ListEntry.list_id == UUID(list_id)))).one()
            facts = json.loads(json.dumps(entry.facts))
            del facts["columns"]["series_title"]
            await uow.session.exec(update(ListEntry).where(col(ListEntry.list_id) == UUID(list_id)).values(facts=facts))
        refused = await send(desk, OF_SERIES, OTHER)
        amendment = await desk.amended(list_id)
        differences = (await desk.auditor.get(f"/catalog/lists/{amendment}/differences")).json()["items"]
        papers = await printed(desk, list_id)
    assert approved.status_code == 200
    assert [each["code"] for each in refused["errors"]] == ["series_code_frozen"]
    assert (differences, papers) == ([], {"II. Đê điều"})


async def test_what_changes_of_fonds_and_series_is_recorded_before_and_after(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await send(desk, OF_SERIES, ROW)
        await send(desk, OF_SERIES, OTHER)
        await send(desk, COLUMNS, {**THERE, "fondsTitle": "Tên khác"})
        audit = (await desk.auditor.get("/catalog/audit", params={"limit": 500})).json()["items"]
    told: dict[str, Any] = {each["act"]: (each["actor"], json.loads(each["facts"])) for each in audit}
    actor, series = told["series.changed"]
    assert (actor, series) == ("lan", {"code": "II", "before": {"title": "Đê điều"}, "after": {"title": "Kè"}})
    assert told["fonds.changed"][1]["before"] == {
        **told["fonds.changed"][1]["after"],
        "title": "Ủy ban hành chính tỉnh",
    }
    assert told["series.created"][1] == {"code": "II"}
