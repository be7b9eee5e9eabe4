"""What an import changes is told field by field: before it is done, and ever after."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from services.catalog.operations import keeping_changes
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk, workbook

OTHER = {**RIGHT, "fileCode": "B"}
DOCUMENT = ("fileCode", "docOrdinal", "subject")


async def changes(desk: Desk, told: dict[str, Any], **query: object) -> dict[str, Any]:
    answer = await desk.archivist.get(f"/catalog/imports/{told['id']}/changes", params=query)  # type: ignore[arg-type] # plain values
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


def cells_of(row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {cell["column"]: (cell["before"], cell["after"]) for cell in row["cells"]}


async def test_a_dry_run_tells_each_field_before_and_after(ground: Ground) -> None:
    changed = {
        **RIGHT, "title": "Tên mới", "startDate": "3/1954", "arranged": None, "criteria": "at_risk; permanent",
        "damage": "torn", "sheetsBySize": "A4: 3",
    }  # fmt: skip
    rows = [changed, OTHER, {**RIGHT, "fileCode": "C"}, {**RIGHT, "fileCode": "D", "numberOfPage": "x"}]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT, OTHER)
        told = (await desk.import_rows(*rows, dry_run="true")).json()
        (first, *others) = (await changes(desk, told))["items"]
        assert (await desk.counts())[0] == 2
    assert [(each["row"], each["kind"], each["code"], each["cells"]) for each in others] == [
        (4, "unchanged", "B", []), (5, "created", "C", []), (6, "rejected", "D", []),
    ]  # fmt: skip
    assert (first["row"], first["kind"], first["code"], first["version"]) == (3, "updated", RIGHT["fileCode"], 1)
    assert cells_of(first) == {
        "title": (RIGHT["title"], "Tên mới"),
        "startDate": ("", "03/1954"),
        "arranged": ("x", "0"),
        "damage": ("", "torn"),
        "sheetsBySize": ("", "A4: 3"),
        "criteria": ("permanent", "at_risk; permanent"),
    }
    assert {cell["heading"] for cell in first["cells"]} > {"Tiêu đề hồ sơ", "Đã chỉnh lý"}
    assert told["changed"] == dict.fromkeys(cells_of(first), 1)


async def test_the_list_is_read_in_portions_and_by_kind(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_changes, "ROWS", 3)
    rows = [{**RIGHT, "fileCode": f"H{number}"} for number in range(10)]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(*rows[::2])
        told = (await desk.import_rows(*rows, dry_run="true")).json()
        found: list[str] = []
        cursor: dict[str, object] = {}
        while True:
            portion = await changes(desk, told, kind="created", limit=2, **cursor)
            found += [each["code"] for each in portion["items"]]
            if portion["next"] is None:
                break
            cursor = {"cursor": portion["next"]}
        both = await changes(desk, told)
        nothing = await changes(desk, told, kind="rejected")
    assert found == [f"H{number}" for number in range(1, 10, 2)]
    assert [each["row"] for each in both["items"]] == list(range(3, 13))
    assert nothing == {"items": [], "next": None}


async def test_an_import_keeps_what_it_did_as_its_record(ground: Ground) -> None:
    async with catalog_desk(ground, catalog_uploads_kept_days=-1) as desk:
        await desk.import_rows(RIGHT)
        tried = (await desk.import_rows({**RIGHT, "box": "7"}, dry_run="true")).json()
        done = (await desk.import_rows({**RIGHT, "box": "7"})).json()
        hourly = desk.made.services["catalog"].hourly
        assert hourly is not None
        await hourly()
        kept = (await changes(desk, done))["items"]
        assert (await changes(desk, tried))["items"] == []
    assert [cells_of(each) for each in kept] == [{"box": ("", "7")}]


async def test_documents_are_told_by_their_number(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT)
        code = RIGHT["fileCode"]
        first = {"fileCode": code, "docOrdinal": 1, "subject": "Báo cáo"}
        await desk.send(workbook([first], DOCUMENT))
        rows = [{**first, "subject": "Tờ trình"}, {**first, "docOrdinal": 2}, {**first, "fileCode": "không có"}]
        told = (await desk.send(workbook(rows, DOCUMENT), dry_run="true")).json()
        found = (await changes(desk, told))["items"]
    assert [(each["kind"], each["code"], each["number"]) for each in found] == [
        ("updated", code, 1), ("created", code, 2), ("rejected", "không có", 1),
    ]  # fmt: skip
    assert cells_of(found[0]) == {"subject": ("Báo cáo", "Tờ trình")}


async def test_a_workbook_tells_the_changes_and_computes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await desk.import_rows(RIGHT)
        told = (await desk.import_rows({**RIGHT, "title": "Tên\nmới", "box": "7"}, OTHER, dry_run="true")).json()
        csv = f"fileCode,title,numberOfPage\n{RIGHT['fileCode']},'=1+1,12\n".encode()
        dangerous = (await desk.send(csv, dry_run="true")).json()
        sheets = []
        for each in (told, dangerous):
            answer = await desk.archivist.get(f"/catalog/imports/{each['id']}/changes.xlsx")
            sheets.append(load_workbook(BytesIO(answer.content)).worksheets[0])
    lines = list(sheets[0].iter_rows(values_only=True))
    assert lines[0][:4] == ("Dòng", "Kết quả", "Mã", "Số thứ tự tài liệu")
    assert [line[:7] for line in lines[1:]] == [
        (3, "cập nhật", RIGHT["fileCode"], None, "Tiêu đề hồ sơ", RIGHT["title"], "Tên mới"),
        (3, "cập nhật", RIGHT["fileCode"], None, "Hộp", None, "7"),
        (4, "thêm mới", "B", None, None, None, None),
    ]  # fmt: skip
    cells = [cell for row in sheets[1] for cell in row]
    assert ("=1+1", "s", True) in {(cell.value, cell.data_type, cell.quotePrefix) for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


async def test_nothing_of_a_secret_is_kept_or_shown_among_the_changes(ground: Ground) -> None:
    secret = {**RIGHT, "fileCode": "M1", "title": "Kế hoạch tối mật", "secrecy": "secret"}
    async with catalog_desk(ground, catalog_secrets_allowed=True) as desk:
        await desk.import_rows({**secret, "title": "Bí danh cũ"})
        told = (await desk.import_rows(secret, dry_run="true")).json()
        assert cells_of((await changes(desk, told))["items"][0]) == {"title": ("Bí danh cũ", "Kế hoạch tối mật")}
        context = desk.made.services["catalog"].context
        object.__setattr__(context, "secrets_allowed", False)  # the installation is joined to a network
        shown = (await changes(desk, told))["items"][0]
        sheet = await desk.archivist.get(f"/catalog/imports/{told['id']}/changes.xlsx")
        over = {**secret, "title": "Tên mở", "secrecy": "expired", "secrecyDecision": "1/QĐ"}
        over["catalogVersion"] = 1  # a row that does not know how the dossier stands is kept back
        opened = (await desk.import_rows(over, dry_run="true")).json()
        kept = (await changes(desk, opened))["items"][0]
    assert cells_of(shown) == {"title": ("", "")}
    lines = load_workbook(BytesIO(sheet.content)).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert "mật" not in str(list(lines))
    assert cells_of(kept) == {"title": ("", ""), "secrecy": ("", ""), "secrecyDecision": ("", "")}


async def test_what_is_kept_of_an_import_is_bounded(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_changes, "ROWS", 2)
    monkeypatch.setattr(keeping_changes, "MOST_KEPT", 10)
    rows = [{**RIGHT, "fileCode": f"H{number}"} for number in range(4)]
    async with catalog_desk(ground) as desk:
        await desk.import_rows(*rows)
        note = "dài " * 400
        told = (await desk.import_rows(*({**row, "description": note} for row in rows), dry_run="true")).json()
        found = (await changes(desk, told))["items"]
    assert [each["kind"] for each in found] == ["updated"] * 4
    assert [len(each["cells"]) for each in found] == [1, 1, 0, 0]
    assert len(found[0]["cells"][0]["after"]) < 210
    assert told["changed"] == {"description": 4}
