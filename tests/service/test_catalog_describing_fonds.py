"""A fonds is described in the circular's fields; what can be counted is counted; an export comes back unchanged."""

from typing import Any

import httpx
import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import FONDS, Desk, catalog_desk
from tests.service.test_catalog_importing_fonds import THERE, send

TOLD: dict[str, Any] = {
    **FONDS, "status": "closed", "history": "Lập năm 1945.\nGiải thể năm 1975.", "starts_on": "1945",
    "ends_on": "1975-04-30",
    "arrangement": "Cơ cấu tổ chức - thời gian", "other_types": "Bản đồ", "languages": ["01", "03"],
    "lookup_tools": "Mục lục hồ sơ", "reserve": True, "note": "Thiếu năm 1951",
}  # fmt: skip


async def described(desk: Desk, told: dict[str, Any] = TOLD) -> httpx.Response:
    """Describe the fonds of the desk."""
    url = f"/catalog/fonds/{desk.fonds_id}"
    version = (await desk.auditor.get(url)).headers["etag"]
    return await desk.archivist.put(url, json=told, headers={"If-Match": version})


async def test_a_fonds_is_told_in_full_and_what_it_holds_is_counted(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        empty = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}")).json()
        made = await described(desk, {**TOLD, "ends_on": "30/04/1975"})
        await desk.dossier(1, document_count=3, sheet_count=6, page_count=10)
        await desk.dossier(2, page_count=5)
        seen = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}")).json()
    counts = ("dossier_count", "document_count", "sheet_count", "page_count")
    assert (empty["status"], empty["languages"], [empty[name] for name in counts]) == (None, [], [0] * 4)
    assert {name: made.json()[name] for name in TOLD} == TOLD
    assert [seen[name] for name in counts] == [2, 3, 6, 15]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"languages": ["99"]}, "languages_unknown"),
        ({"languages": ["01", "01"]}, "languages_repeated"),
        ({"starts_on": "1976"}, "ends_on_before_start"),
        ({"ends_on": "xưa"}, "ends_on_not_a_date"),
        ({"title": "x" * 1000, "code": "P" * 101}, "code_too_long"),
    ],
)
async def test_what_is_wrong_with_a_fonds_is_named(ground: Ground, wrong: dict[str, Any], code: str) -> None:
    async with catalog_desk(ground) as desk:
        answers = [
            await described(desk, {**TOLD, **wrong}),
            await desk.archivist.post("/catalog/fonds", json={**TOLD, "code": "P02", **wrong}),
        ]
    assert [[each["code"] for each in answer.json()["fields"]] for answer in answers] == [[code]] * 2


async def test_what_was_told_of_a_fonds_is_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        await described(desk, FONDS)
        url = f"/catalog/fonds/{desk.fonds_id}"
        back = await desk.archivist.post(f"{url}/restoration", json={"version": 2}, headers={"If-Match": '"3"'})
    assert {name: back.json()[name] for name in TOLD} == TOLD


async def test_it_is_described_while_a_list_is_decided_on(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        list_id = await desk.list_of(await desk.chosen())
        await desk.submit(list_id)
        made = await described(desk)
        approved = await desk.approve(list_id)
    assert (made.status_code, approved.status_code) == (200, 200)


@pytest.mark.parametrize("level", ["fonds", "series"])
async def test_an_exported_workbook_changes_nothing(ground: Ground, level: str) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "I", "title": "=Đê"})
        url = f"/catalog/fonds/{desk.fonds_id}/export"
        content = (await desk.archivist.get(url, params={"level": level})).content
        told = (await desk.send(content)).json()
        again = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}")).json()
    assert (told["level"], told["unchanged"], told["errors"], told["notices"]) == (level, 1, [], [])
    assert ({name: again[name] for name in TOLD}, again["version"]) == (TOLD, 2)


@pytest.mark.parametrize("form", ["ead2002", "ead3"])
async def test_an_exported_finding_aid_changes_nothing_and_makes_the_same_elsewhere(ground: Ground, form: str) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        await desk.dossier(1, document_count=3, page_count=10)
        content = (await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.{form}.xml")).content
        same = (await desk.send(content, level="fonds")).json()
        other = (await desk.send(content.replace(b">P01<", b">P02<"), level="fonds")).json()
        there = (await desk.auditor.get("/catalog/fonds")).json()["items"]
    assert (same["unchanged"], same["notices"], other["created"], other["errors"]) == (1, [], 1, [])
    assert {name: there[1][name] for name in TOLD} == {**TOLD, "code": "P02", "reserve": None}


async def test_columns_that_a_file_lacks_stay_and_wrong_cells_are_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await described(desk)
        columns = ("fondsCode", "fondsTitle", "archiveCode", "fondsStatus", "endDate")
        changed = await send(desk, columns, {**THERE, "fondsStatus": "Mở", "endDate": "1976"})
        wrong = await send(desk, columns, {**THERE, "fondsStatus": "hé", "endDate": "1944"})
        seen = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}")).json()
    assert changed["updated"] == 1
    assert {name: seen[name] for name in TOLD} == {**TOLD, "status": "open", "ends_on": "1976"}
    assert [each["code"] for each in wrong["errors"]] == ["status_unknown", "ends_on_before_start"]


async def test_fields_of_2019_are_understood_and_what_is_counted_is_left_out(ground: Ground) -> None:
    heads = (
        "fondsCode,archiveCode,fondName,fondHistory,archivesTime,paperTotal,paperDigital,keyGroups,otherTypes,language,"
        "lookupTools,copyNumber,description"
    )
    row = "P03,H49,Ty Thủy lợi,Lập năm 1950,1950-1975,1000,10,Đê; kè,Ảnh,01,Thẻ,5,x"
    async with catalog_desk(ground) as desk:
        told = (await desk.send(f"{heads}\n{row}\n".encode())).json()
        fonds = (await desk.auditor.get("/catalog/fonds")).json()["items"][1]
    assert (told["created"], told["errors"]) == (1, [])
    assert (told["layout"], told["ignored"]) == ("tt02-2019-fonds", ["paperTotal", "paperDigital", "copyNumber"])
    names = ("title", "history", "starts_on", "ends_on", "arrangement", "other_types", "languages", "lookup_tools")
    assert [fonds[name] for name in names] == [
        "Ty Thủy lợi", "Lập năm 1950", "1950", "1975", "Đê; kè", "Ảnh", ["01"], "Thẻ"
    ]  # fmt: skip
