"""Cells of which a workbook tells more than a value: none of them empties or alters what is known in silence."""

import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk, workbook

COLUMNS = ("fileCode", "title", "numberOfPage", "box", "startDate", "riskRecovery", "keyword")
FIRST = {"fileCode": "A1", "title": "Đắp đê", "numberOfPage": 12, "box": "7"}
SECOND = {**FIRST, "fileCode": "A2", "title": "Sửa kè"}


def merged(*ranges: str) -> bytes:
    """Give an inventory in which cells were merged."""
    book = load_workbook(BytesIO(workbook([FIRST, SECOND], COLUMNS)))
    for each in ranges:
        book.worksheets[0].merge_cells(each)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def replaced(content: bytes, old: str, new: str) -> bytes:
    """Give a workbook with another text in its first sheet."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as right, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in right.namelist():
            part = right.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                assert old in part
                part = part.replace(old, new)
            made.writestr(name, part)
    return written.getvalue()


async def boxes(desk: Desk) -> list[str]:
    """Give what is known of the boxes."""
    return [each["box"] for each in (await desk.auditor.get("/catalog/dossiers")).json()["items"]]


def codes_in(told: Mapping[str, list[dict[str, object]]], of: str = "errors") -> list[tuple[object, object]]:
    """Give row and code of each error or notice."""
    return [(each["row"], each["code"]) for each in told[of]]


async def test_a_formula_that_was_never_computed_is_an_error_and_empties_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        assert (await desk.send(workbook([FIRST], COLUMNS))).json()["created"] == 1
        told = (await desk.send(workbook([{**FIRST, "box": "=3+4"}], COLUMNS))).json()
        marked = (await desk.archivist.get(f"/catalog/imports/{told['id']}/marked")).content
        again = (await desk.send(marked)).json()
        known = await boxes(desk)
    assert codes_in(told) == [(3, "box_formula")]
    assert str(told["errors"][0]["message"]).startswith("Hộp: là công thức chưa được tính")
    assert (codes_in(again), known) == ([(3, "box_excel_error")], ["7"])


async def test_what_a_formula_gave_is_taken_and_said_once_a_column(ground: Ground) -> None:
    content = workbook([{**FIRST, "box": "=3+4"}, {**SECOND, "box": "=3+4"}], COLUMNS)
    async with catalog_desk(ground) as desk:
        told = (await desk.send(replaced(content, "<f>3+4</f><v></v>", "<f>3+4</f><v>9</v>"))).json()
        known = await boxes(desk)
    assert (codes_in(told), codes_in(told, "notices"), told["noticed"]) == ([], [(3, "box_formula_value")], 1)
    assert (known, told["notices"][0]["read"]) == (["9", "9"], "9")


async def test_what_lies_under_a_merged_cell_is_an_error_and_empties_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        assert (await desk.send(workbook([FIRST, SECOND], COLUMNS))).json()["created"] == 2
        told = (await desk.send(merged("D3:D4", "F3:G3"))).json()
        known = await boxes(desk)
    assert codes_in(told) == [(3, "keywords_merged"), (4, "box_merged")]
    assert known == ["7", "7"]


async def test_merged_cells_that_claim_the_whole_sheet_cost_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        told = (await desk.send(replaced(merged("D3:D4"), "D3:D4", "D3:XFD1048576"))).json()
    assert (3, "starts_on_merged") in codes_in(told)
    assert (4, "box_merged") in codes_in(told)


def dated(row: Mapping[str, object], formats: Mapping[str, str]) -> bytes:
    """Give an inventory of one row, some cells of which have a number format."""
    book = load_workbook(BytesIO(workbook([row], COLUMNS)))
    for cell, number_format in formats.items():
        book.worksheets[0][cell].number_format = number_format
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("number_format", "read", "code"),
    [
        ("mmm-yy", "1954-03", "starts_on_read_month"),
        ('[$-42A]"tháng "mm/yyyy;@', "1954-03", "starts_on_read_month"),
        ("yyyy", "1954", "starts_on_read_year"),
        ("dd/mm/yyyy", "1954-03-01", None),
        ("d-mmm-yy", "1954-03-01", None),
        ("mm-dd-yy", "1954-03-01", None),
    ],
)
async def test_a_day_is_read_only_as_far_as_excel_shows_it(
    ground: Ground, number_format: str, read: str, code: str | None
) -> None:
    content = dated({**FIRST, "startDate": datetime(1954, 3, 1)}, {"E3": number_format})  # noqa: DTZ001 - Excel knows no zones
    async with catalog_desk(ground) as desk:
        told = (await desk.send(content)).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
    assert (item["starts_on"], codes_in(told, "notices")) == (read, [(3, code)] if code else [])


async def test_a_date_in_a_column_of_text_is_told(ground: Ground) -> None:
    content = dated({**FIRST, "title": datetime(1954, 3, 5)}, {"B3": "d-mmm"})  # noqa: DTZ001 - as above
    async with catalog_desk(ground) as desk:
        told = (await desk.send(content)).json()
    assert [(each["code"], each["read"]) for each in told["notices"]] == [("title_read_date", "05/03/1954")]
