"""Nothing is deleted: what is not wanted is archived by two people, out of the way, and can be brought back."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk
from tests.service.test_catalog_importing_fonds import OF_SERIES, send
from tests.service.test_catalog_yearly import gathered, lines

WHY = {"reason": "nhập trùng"}


async def archived(desk: Desk, path: str) -> None:
    assert (await desk.archivist.post(f"/catalog/{path}/archiving", json=WHY)).status_code == 200
    assert (await desk.approver.post(f"/catalog/{path}/archiving/confirmation")).status_code == 200


async def items(desk: Desk, path: str, **query: str) -> list[str]:
    return [each["id"] for each in (await desk.auditor.get(f"/catalog/{path}", params=query)).json()["items"]]


async def test_a_dossier_is_archived_by_two_people_left_out_and_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id, list_id = await desk.chosen(1), await desk.list_of()
        url = f"/catalog/dossiers/{dossier_id}"
        unasked = await desk.approver.post(f"{url}/archiving/confirmation")
        asked = (await desk.archivist.post(f"{url}/archiving", json=WHY)).json()
        again = (await desk.archivist.post(f"{url}/archiving", json=WHY)).json()
        alone = await desk.archivist.post(f"{url}/archiving/confirmation")
        assert await items(desk, "dossiers") == [dossier_id], "nobody has confirmed it"
        confirmed = (await desk.approver.post(f"{url}/archiving/confirmation")).json()
        body = {"file_code": "A", "title": "khác", "page_count": 10, "is_arranged": True}
        changed, listed = await desk.put(url, body), await desk.put_on(list_id, dossier_id)
        assert await items(desk, "dossiers") == await items(desk, "dossiers", q="hồ sơ") == []
        assert (await desk.auditor.get(url)).json()["archived_at"] is not None
        told = (await desk.import_rows({**RIGHT, "fileCode": "H49.1954.1"})).json()
        assert (told["state"], [each["code"] for each in told["errors"]]) == ("rejected", ["file_code_archived"])
        back = (await desk.archivist.post(f"{url}/recovery", json={"reason": "không trùng"})).json()
        assert await items(desk, "dossiers") == [dossier_id]
        assert (await desk.put(url, body)).status_code == 200
        told = (await desk.auditor.get("/catalog/archivings")).json()["items"]
    assert (unasked.status_code, unasked.json()["code"]) == (409, "catalog.archiving_unasked")
    assert (alone.status_code, alone.json()["code"]) == (403, "catalog.own_archiving")
    assert (again["id"], asked["state"], confirmed["state"]) == (asked["id"], "asked", "archived")
    assert (confirmed["asked_by"], confirmed["confirmed_by"], confirmed["reason"]) == ("lan", "minh", "nhập trùng")
    assert changed.json()["code"] == "catalog.dossier_archived"
    assert listed.json()["dossiers"] == {dossier_id: "archived"}
    assert told == [back]
    assert (back["state"], back["recovery_reason"]) == ("recovered", "không trùng")


async def test_what_is_on_a_list_is_not_archived_whenever_it_came_there(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        url = f"/catalog/dossiers/{dossier_id}/archiving"
        assert (await desk.archivist.post(url, json=WHY)).status_code == 200
        await desk.list_of(dossier_id)
        late = await desk.approver.post(f"{url}/confirmation")
        asked = await desk.archivist.post(url, json=WHY)
    for answer in (late, asked):
        assert (answer.status_code, answer.json()["code"]) == (409, "catalog.archiving_refused")
        assert answer.json()["reason"] == "on_list"
        assert answer.json()["message"].startswith("hồ sơ đang thuộc một danh mục lựa chọn")


async def test_a_series_is_archived_without_dossiers_and_an_archived_one_takes_none(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        made = await desk.archivist.post(f"/catalog/fonds/{desk.fonds_id}/series", json={"code": "I", "title": "I"})
        series = f"series/{made.json()['id']}"
        dossier_id = await desk.dossier(1, series_code="I")
        used = await desk.archivist.post(f"/catalog/{series}/archiving", json=WHY)
        await archived(desk, f"dossiers/{dossier_id}")
        await archived(desk, series)
        told = {"fonds_id": desk.fonds_id, "file_code": "B", "title": "B", "page_count": 1, "series_code": "I"}
        refused = await desk.archivist.post("/catalog/dossiers", json=told)
        assert await items(desk, f"fonds/{desk.fonds_id}/series") == []
        assert len(await items(desk, f"fonds/{desk.fonds_id}/series", with_archived="true")) == 1
    assert used.json()["reason"] == "series_not_empty"
    assert refused.json()["code"] == "catalog.series_unknown"


async def test_an_archived_series_stays_as_it_is_until_it_is_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        row: dict[str, object] = {"fondsCode": "P01", "seriesCode": "II", "seriesTitle": "Đê điều"}
        other = {**row, "seriesTitle": "Kè"}
        await send(desk, OF_SERIES, row)
        (series,) = await items(desk, f"fonds/{desk.fonds_id}/series")
        url = f"/catalog/series/{series}"
        assert (await desk.put(url, {"title": "Đê"})).status_code == 200
        assert (await desk.put(url, {"title": "Đê điều"})).status_code == 200
        await archived(desk, f"series/{series}")
        changed, same = await desk.put(url, {"title": "Kè"}), await desk.put(url, {"title": "Đê điều"})
        restored = await desk.archivist.post(f"{url}/restoration", json={"version": 2}, headers={"If-Match": '"3"'})
        refused, unchanged = await send(desk, OF_SERIES, other), await send(desk, OF_SERIES, row)
        title = (await desk.auditor.get(url)).json()["title"]
        assert (await desk.archivist.post(f"{url}/recovery", json=WHY)).status_code == 200
        free = await send(desk, OF_SERIES, other)
    for answer in (changed, restored):
        assert (answer.status_code, answer.json()["code"]) == (409, "catalog.series_archived")
    assert (same.status_code, title) == (200, "Đê điều")
    assert [each["code"] for each in refused["errors"]] == ["series_code_archived"]
    assert "hãy khôi phục nhóm trước" in refused["errors"][0]["message"]
    assert (unchanged["unchanged"], free["updated"]) == (1, 1)


async def test_only_an_empty_draft_of_a_list_is_archived(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id, spare = await desk.chosen(1), await desk.chosen(2)
        full, empty = await desk.list_of(dossier_id), await desk.list_of()
        approved = await desk.approved_list(spare)
        amendment = await desk.amended(approved)
        reasons = [
            (await desk.archivist.post(f"/catalog/lists/{each}/archiving", json=WHY)).json()["reason"]
            for each in (full, approved, amendment)
        ]
        await archived(desk, f"lists/{empty}")
        refused = await desk.put_on(empty, spare)
        assert empty not in await items(desk, "lists")
        assert empty in await items(desk, "lists", with_archived="true")
        assert (await desk.archivist.post(f"/catalog/lists/{empty}/recovery", json=WHY)).status_code == 200
        assert empty in await items(desk, "lists")
    assert reasons == ["list_not_empty", "list_not_draft", "list_not_draft"]
    assert refused.json()["code"] == "catalog.list_not_changeable"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.APPROVER])
async def test_only_archivists_ask_and_recover(ground: Ground, role: Role) -> None:
    async with catalog_desk(ground) as desk:
        caller, url = desk.made.caller(role), f"/catalog/dossiers/{await desk.dossier()}"
        for verb in ("archiving", "recovery"):
            assert (await caller.post(f"{url}/{verb}", json=WHY)).status_code == 403


async def test_what_is_archived_is_neither_exported_nor_on_the_yearly_list(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        _, gone = await desk.chosen(1), await desk.chosen(2)
        await archived(desk, f"dossiers/{gone}")
        workbook = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export")
        finding_aid = await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.ead3.xml")
        told = await lines(desk, await gathered(desk))
    exported = list(load_workbook(BytesIO(workbook.content)).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert [row[0] for row in exported] == [each["file_code"] for each in told] == ["H49.1954.1"]
    assert b"H49.1954.1" in finding_aid.content
    assert b"H49.1954.2" not in finding_aid.content
