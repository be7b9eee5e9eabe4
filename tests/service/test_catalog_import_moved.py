"""What people do between the comparing and the writing of an import is told, or taken up, and never written over."""

from typing import Any

import pytest

from services.catalog.operations import importing
from services.catalog.operations.standing import portions_moved
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk
from tests.service.import_meanwhile import ROWS, Meanwhile, Row, Slow, slow_desk

CODE = "H49.1954.1"


def row(**changes: object) -> dict[str, object]:
    return {**RIGHT, "fileCode": CODE, "title": "Tên của tệp", **changes}


async def id_of(desk: Desk) -> str:
    items = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    return str(next(each["id"] for each in items if each["file_code"] == CODE))


async def edit(desk: Desk) -> None:
    told = {"file_code": CODE, "title": "Tên sửa tay", "page_count": 10}
    assert (await desk.put(f"/catalog/dossiers/{await id_of(desk)}", told)).status_code == 200


async def archive(desk: Desk) -> None:
    url = f"/catalog/dossiers/{await id_of(desk)}/archiving"
    assert (await desk.archivist.post(url, json={"reason": "trùng"})).status_code in (200, 201)
    assert (await desk.approver.post(f"{url}/confirmation")).status_code == 200


async def list_it(desk: Desk) -> None:
    await desk.list_of(await id_of(desk))


async def submit(desk: Desk) -> None:
    (chosen,) = (await desk.auditor.get("/catalog/lists")).json()["items"]
    assert (await desk.submit(chosen["id"])).status_code == 200


async def add_alike(desk: Desk) -> None:
    await desk.dossier(2, file_code="h49. 1954.7")


async def archive_series(desk: Desk) -> None:
    series = (await desk.auditor.get(f"/catalog/fonds/{desk.fonds_id}/series")).json()["items"][0]
    url = f"/catalog/series/{series['id']}/archiving"
    assert (await desk.archivist.post(url, json={"reason": "nhầm"})).status_code in (200, 201)
    assert (await desk.approver.post(f"{url}/confirmation")).status_code == 200


async def beside(slow: Slow, meanwhile: Meanwhile, *rows: Row, **asks: str) -> dict[str, Any]:
    """Import rows while something happens once they are compared."""
    slow.before("compare_moved", meanwhile)
    return await slow.imported(rows, **asks)


async def test_an_edit_after_the_comparing_is_told_as_a_clash_and_stays(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.chosen(1)
        told = await beside(slow, edit, row(catalogVersion=2))
        (read,) = await slow.listed()
    assert [(each["column"], each["code"]) for each in told["errors"]] == [("title", "dossier_changed_since")]
    assert (told["state"], read["title"]) == ("rejected", "Tên sửa tay")


async def test_an_edit_is_told_as_written_over_where_the_file_names_no_version(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        told = await beside(slow, edit, row())
        (read,) = await slow.listed()
        past = (await slow.desk.auditor.get(f"/catalog/dossiers/{read['id']}/history")).json()
    assert (told["state"], told["overwriting"], read["title"], read["version"]) == ("done", 1, "Tên của tệp", 3)
    assert "Tên sửa tay" in str(past)


async def test_a_dossier_that_was_unchanged_and_was_edited_since_is_compared_anew(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.imported([row()])
        told = await beside(slow, edit, row(), row(fileCode="new"))
        titles = [each["title"] for each in await slow.listed()]
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 0)
    assert titles == ["Tên của tệp"] * 2


async def test_another_dossier_that_has_the_code_since_is_the_one_that_is_held_against(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def give_away(desk: Desk) -> None:
        told = {"file_code": "H49.1954.2", "title": "Hồ sơ 1", "page_count": 10}
        assert (await desk.put(f"/catalog/dossiers/{await id_of(desk)}", told)).status_code == 200
        await desk.dossier(1, title="Hồ sơ mới")

    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        told = await beside(slow, give_away, row())
        titles = {each["file_code"]: each["title"] for each in await slow.listed()}
    assert (told["updated"], titles) == (1, {CODE: "Tên của tệp", "H49.1954.2": "Hồ sơ 1"})


async def test_a_dossier_that_was_archived_since_is_refused(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        told = await beside(slow, archive, row())
    assert (told["state"], [each["code"] for each in told["errors"]]) == ("rejected", ["file_code_archived"])


async def test_a_dossier_whose_list_was_submitted_since_is_refused(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.list_of(await slow.desk.chosen(1))
        told = await beside(slow, submit, row())
        (read,) = await slow.listed()
    assert [each["code"] for each in told["errors"]] == ["file_code_frozen"]
    assert read["title"] == "Hồ sơ 1"


async def test_a_dossier_that_was_put_on_a_list_since_is_found_there(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.chosen(1)
        told = await beside(slow, list_it, row())
        found = await slow.listed(listed="true", q="Tên của tệp")
    assert (told["updated"], [each["file_code"] for each in found]) == (1, [CODE])


async def test_a_new_code_like_one_that_was_added_since_is_refused(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        told = await beside(slow, add_alike, row(fileCode="H49.1954.7"))
    assert [(each["code"], each["other"]) for each in told["errors"]] == [("file_code_collides", "h49. 1954.7")]


async def test_a_series_that_was_archived_since_takes_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        added = {"code": "I", "title": "Nhóm"}
        await slow.desk.archivist.post(f"/catalog/fonds/{slow.desk.fonds_id}/series", json=added)
        told = await beside(slow, archive_series, row(series="I"))
    assert [each["code"] for each in told["errors"]] == ["series_code_unknown"]


@pytest.mark.parametrize("moment", ["before", "after"])  # the look past which others wait
async def test_only_the_portion_that_was_edited_is_compared_anew_and_repeated_codes_stay_repeated(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    rows = [*ROWS, row(), {**RIGHT, "fileCode": ROWS[0]["fileCode"]}]
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        getattr(slow, moment)("compare_moved", edit)
        told = await slow.imported(rows, valid_rows="true")
        codes = [each["file_code"] for each in await slow.listed()]
    assert slow.compared == 3
    assert [(each["row"], each["code"]) for each in told["errors"]] == [(1504, "file_code_repeated")]
    assert (told["created"], told["updated"], told["rejected"], told["overwriting"]) == (1500, 1, 1, 1)
    assert codes == [CODE, *(each["fileCode"] for each in ROWS)]


async def test_the_record_of_an_import_tells_what_became_of_an_edited_row(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        told = await beside(slow, edit, *ROWS, row())
        asked = {"kind": "updated"}
        (kept,) = (await slow.desk.archivist.get(f"/catalog/imports/{told['id']}/changes", params=asked)).json()[
            "items"
        ]
    assert (kept["row"], kept["version"]) == (1503, 2)
    assert {each["column"]: each["before"] for each in kept["cells"]}["title"] == "Tên sửa tay"


async def test_what_moved_before_the_writing_is_compared_while_nobody_waits(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[list[int]] = []

    async def watched(*given: Any) -> list[int]:  # noqa: ANN401 - handed on
        left.append(await portions_moved(*given))
        return left[-1]

    monkeypatch.setattr(importing, "portions_moved", watched)
    async with slow_desk(ground, monkeypatch) as slow:
        await slow.desk.dossier(1)
        assert (await beside(slow, edit, row()))["updated"] == 1
    assert left == [[]]
