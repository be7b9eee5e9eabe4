"""Inventories in somebody's own columns are imported by a layout that was told once, and nothing is left out unsaid."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.catalog.domain.columns import DOSSIERS
from services.catalog.domain.import_errors import WorkbookColumnsWrong
from services.catalog.domain.layout import SHIPPED
from services.catalog.files.heading import by_layout
from services.catalog.files.template import template
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk, workbook

OLD: dict[str, Any] = {
    "name": "Mục lục 2004",
    "columns": {"Số HS": "fileCode", "Tiêu đề": "title", "Số tờ/trang": "numberOfPage", "Ghi chú cũ": ""},
    "constants": {"maintenance": "01", "arranged": "x", "arrangementNumber": "1/BB-CL", "arrangementDate": "2004"},
    "heading_row": 3,
    "sheet": "Mục lục",
}
CSV: dict[str, Any] = {"name": "Sổ", "columns": {"Số": "fileCode", "Tên": "title", "Trang": "numberOfPage"}}


def old_book(*rows: list[object], title: str = "Mục lục", heads: tuple[str, ...] = ()) -> bytes:
    """Make an inventory as somebody kept it: two lines of titles, headings, rows, behind another sheet."""
    book = Workbook()
    first = book.active or book.create_sheet()
    first.append(["Bìa"])
    sheet = book.create_sheet(title)
    for line in (["TRUNG TÂM LƯU TRỮ"], ["Mục lục số 1"], list(heads or (*OLD["columns"], "Người nhập")), *rows):
        sheet.append(line)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


async def keep(desk: Desk, told: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Keep a layout."""
    answer = await desk.archivist.post("/catalog/layouts", json={**told, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def dossiers(desk: Desk) -> list[dict[str, Any]]:
    """Give the dossiers that there are."""
    found: list[dict[str, Any]] = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    return found


async def test_a_file_follows_the_layout_that_it_alone_fits(ground: Ground) -> None:
    content = old_book(["H1", "Đắp đê", 12, "x", "Lan"], ["H2", "Hộ đê", 9, None, "Lan"])
    async with catalog_desk(ground) as desk:
        refused = await desk.send(content)
        await keep(desk, OLD)
        await keep(desk, CSV)
        told, again = [(await desk.send(content)).json() for _ in range(2)]
        named = (await desk.send(content, layout="mục  lục 2004")).json()
        found = await dossiers(desk)
    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.workbook_columns_wrong")
    assert (told["layout"], told["created"], again["unchanged"], named["unchanged"]) == ("Mục lục 2004", 2, 2, 2)
    assert {each["heading"]: each["column"] for each in told["understood"]} == {
        "Số HS": "fileCode", "Tiêu đề": "title", "Số tờ/trang": "numberOfPage"
    }  # fmt: skip
    assert (told["ignored"], told["constants"]) == (["Ghi chú cũ", "Người nhập"], OLD["constants"])
    assert [(each["file_code"], each["is_arranged"], each["arrangement_on"]) for each in found] == [
        ("H1", True, "2004"), ("H2", True, "2004")
    ]  # fmt: skip


async def test_a_file_that_fits_two_layouts_has_to_be_told_which(ground: Ground) -> None:
    content = "Số;Tên;Trang\n1;Đê;3\n".encode()
    async with catalog_desk(ground) as desk:
        await keep(desk, CSV)
        await keep(desk, CSV, name="Sổ khác", constants={"box": "7"})
        unclear = await desk.send(content)
        told = (await desk.send(content, layout="Sổ khác")).json()
        unknown = await desk.send(content, layout="không có")
        found = await dossiers(desk)
    assert (unclear.status_code, unclear.json()["code"]) == (422, "catalog.layout_unclear")
    assert unclear.json()["layouts"] == ["Sổ", "Sổ khác"]
    assert (told["created"], [each["box"] for each in found]) == (1, ["7"])
    assert (unknown.status_code, unknown.json()["code"]) == (404, "catalog.layout_unknown")


async def test_lines_above_the_headings_do_not_say_what_separates_them(ground: Ground) -> None:
    content = "Mục lục số 1, tên phông, trang 1\n\nSố;Tên;Trang\n1;Đê, kè, cống;3\n".encode()
    async with catalog_desk(ground) as desk:
        await keep(desk, CSV, heading_row=3)
        told = (await desk.send(content)).json()
        found = await dossiers(desk)
    assert (told["created"], [each["title"] for each in found]) == (1, ["Đê, kè, cống"])


async def test_a_file_that_lacks_what_its_layout_needs_is_refused(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await keep(desk, OLD)
        lacking = await desk.send(old_book(heads=("Số HS", "Tiêu đề")), layout=OLD["name"])
        elsewhere = await desk.send(old_book(title="Khác"), layout=OLD["name"])
    assert (lacking.json()["code"], lacking.json()["missing"]) == ("catalog.workbook_columns_wrong", ["numberOfPage"])
    assert (elsewhere.json()["code"], elsewhere.json()["reason"]) == ("catalog.workbook_unreadable", "sheet_missing")


async def test_the_headings_of_our_template_are_understood_without_the_field_names(ground: Ground) -> None:
    book = load_workbook(BytesIO(template(DOSSIERS)))
    sheet = book.worksheets[0]
    sheet.delete_rows(2)
    sheet.append([RIGHT.get(name) for name in DOSSIERS.readers])
    sheet.cell(1, len(DOSSIERS.readers) + 1, "Cột của tôi")
    sheet.cell(1, 2, "TIÊU ĐỀ  hồ sơ")
    written = BytesIO()
    book.save(written)
    async with catalog_desk(ground) as desk:
        told = (await desk.send(written.getvalue())).json()
        same = (await desk.import_rows(RIGHT)).json()
    assert (told["state"], told["created"], told["ignored"], told["layout"]) == ("done", 1, ["Cột của tôi"], "")
    assert [each["column"] for each in told["understood"]] == list(DOSSIERS.readers)
    assert same["unchanged"] == 1


async def test_names_of_the_older_circular_are_known_but_not_all_of_them(ground: Ground) -> None:
    heads = "FileCode,Identifier,FileCatalog,FileNotation,Title"
    async with catalog_desk(ground) as desk:
        shipped = (await desk.auditor.get("/catalog/layouts/shipped")).json()["items"]
        lacking = await desk.send(f"{heads}\n1,2,3,4,Đê\n".encode())
        told = (await desk.send(f"{heads},Số trang\n1,2,3,4,Đê,7\n".encode())).json()
        await keep(
            desk,
            {**CSV, "name": "TT02-2019", "columns": {"FileCode": "fileCode", "Title": "title", "P": "numberOfPage"}},
        )
        own = (await desk.send(f"{heads},P\n1,2,3,4,Đê,7\n".encode(), layout="tt02-2019")).json()
    assert [(each["name"], each["is_complete"]) for each in shipped] == [
        ("tt02-2019", False),
        ("tt02-2019-fonds", False),
    ]
    assert (lacking.json()["missing"], lacking.json()["layout"]) == (["numberOfPage"], "tt02-2019")
    assert (told["layout"], told["created"]) == ("tt02-2019", 1)
    assert told["ignored"] == ["Identifier", "FileCatalog", "FileNotation"]
    assert (own["layout"], own["unchanged"]) == ("TT02-2019", 1)
    with pytest.raises(WorkbookColumnsWrong):
        by_layout([heads.split(",")], SHIPPED[0])


async def test_field_names_need_no_layout_even_where_one_fits(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await keep(desk, {"name": "A", "columns": {f"Cột {name}": name for name in DOSSIERS.needed}})
        told = (await desk.import_rows(RIGHT)).json()
    assert (told["layout"], told["rows"], told["created"]) == ("", 1, 1)


async def test_a_secret_is_withheld_whatever_column_or_constant_tells_it(ground: Ground) -> None:
    content = "Số;Tên;Trang;Mật\n1;KÍN;3;secret\n2;Đê;3;none\n".encode()
    async with catalog_desk(ground) as desk:
        await keep(desk, CSV, columns={**CSV["columns"], "Mật": "secrecy"})
        await keep(desk, CSV, name="Kín", constants={"secrecy": "secret"})
        by_column = (await desk.send(content, layout="Sổ")).json()
        by_constant = (await desk.send(content, layout="Kín")).json()
        marked = [
            (await desk.auditor.get(f"/catalog/imports/{each['id']}/marked")).text for each in (by_column, by_constant)
        ]
    assert [(each["row"], each["code"], each["value"]) for each in by_column["errors"]] == [(2, "secrecy_refused", "")]
    assert [(each["row"], each["code"]) for each in by_constant["errors"]] == [
        (2, "secrecy_told_elsewhere"), (3, "secrecy_refused")
    ]  # fmt: skip
    assert by_constant["rejected"] == 2
    assert all("KÍN" not in text for text in marked)


async def test_a_marked_file_follows_the_same_layout(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        await keep(desk, OLD)
        told = (await desk.send(old_book(["H1", "Đắp đê", 12], ["H2", "", 9]))).json()
        marked = await desk.auditor.get(f"/catalog/imports/{told['id']}/marked")
        again = (await desk.send(marked.content, valid_rows="true")).json()
    assert [(each["row"], each["column"], each["code"]) for each in told["errors"]] == [(5, "title", "title_missing")]
    assert (again["layout"], again["created"], again["rejected"]) == (OLD["name"], 1, 1)


async def test_a_layout_is_changed_in_the_version_that_was_seen_and_withdrawn(ground: Ground) -> None:
    content = "Số;Tên;Trang\n1;Đê;3\n".encode()
    async with catalog_desk(ground) as desk:
        made = await keep(desk, CSV)
        path, seen = f"/catalog/layouts/{made['id']}", {"If-Match": '"1"'}
        taken = await desk.archivist.post("/catalog/layouts", json={**CSV, "name": "SỔ"})
        blind = await desk.archivist.put(path, json=CSV)
        changed = await desk.archivist.put(path, json={**CSV, "constants": {"box": "1"}}, headers=seen)
        late = await desk.archivist.put(path, json={**CSV, "constants": {"box": "2"}}, headers=seen)
        same = await desk.archivist.put(path, json={**CSV, "constants": {"box": "1"}}, headers=seen)
        gone = await desk.archivist.post(f"{path}/withdrawal", headers={"If-Match": changed.headers["etag"]})
        after = await desk.send(content)
        listed = [
            len((await desk.auditor.get("/catalog/layouts", params=params)).json()["items"])
            for params in ({}, {"with_withdrawn": "true"}, {"with_withdrawn": "true", "level": "fonds"})
        ]
        past = (await desk.auditor.get(f"{path}/history")).json()["items"]
        dead = await desk.archivist.put(path, json=CSV, headers={"If-Match": '"3"'})
        await keep(desk, CSV)
        forbidden = await desk.made.caller(Role.AUDITOR).post("/catalog/layouts", json=CSV)
        acts = [act for act in await desk.acts() if act.startswith("layout.")]
    assert (taken.status_code, taken.json()["code"]) == (409, "catalog.layout_name_taken")
    assert (blind.status_code, changed.status_code, changed.json()["version"]) == (428, 200, 2)
    assert (late.status_code, late.json()["version"], same.json()["version"]) == (412, 2, 2)
    assert (gone.status_code, after.status_code, listed, dead.status_code) == (200, 422, [0, 1, 0], 404)
    assert forbidden.status_code == 403
    assert [(each["act"], each["by"]) for each in past] == [("layout.withdrawn", "lan"), ("layout.changed", "lan")]
    assert [each[when]["layout"]["constants"] for each in past for when in ("content", "after")] == [
        {"box": "1"}, {"box": "1"}, {}, {"box": "1"}
    ]  # fmt: skip
    assert acts == ["layout.created", "layout.changed", "layout.withdrawn", "layout.created"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"columns": {**CSV["columns"], "X": "tên"}}, "field_unknown"),
        ({"columns": {**CSV["columns"], "X": "title"}}, "field_repeated"),
        ({"columns": {**CSV["columns"], "số": "box"}}, "heading_repeated"),
        ({"columns": {"Số": "fileCode", "Tên": "title"}}, "field_missing"),
        ({"constants": {"title": "x"}}, "constant_has_column"),
        ({"constants": {"hộp": "x"}}, "field_unknown"),
        ({"constants": {"arranged": "có lẽ"}}, "constant_not_a_mark"),
        (
            {"columns": {"Tên": "title", "Trang": "numberOfPage"}, "constants": {"fileCode": "1"}},
            "constant_tells_apart",
        ),
    ],
)
async def test_a_layout_that_cannot_be_followed_is_refused(ground: Ground, changes: dict[str, Any], why: str) -> None:
    async with catalog_desk(ground) as desk:
        answer = await desk.archivist.post("/catalog/layouts", json={**CSV, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.layout_wrong")
    assert why in {each["why"] for each in answer.json()["wrongs"]}


async def test_the_answer_tells_how_field_names_were_understood(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(workbook([RIGHT], DOSSIERS.needed))).json()
    assert [each["column"] for each in told["understood"]] == list(DOSSIERS.needed)
