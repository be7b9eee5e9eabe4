"""What the inventory of a selection list says, worked out without any service."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from services.catalog.domain.inventory_paper import Chosen, Decision, Line, both, inventory_list, inventory_of, period
from services.catalog.domain.state import ListState
from services.catalog.papers.document import document_of
from shared.papers.office import Office

AT = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)
LINE = Line(1, "01. Đê điều", "H49.1954.01", "Hồ sơ đắp đê", "1954-03", "1956", "01", 24, 1_048, "")
OTHER = replace(LINE, number=2, series="", sheet_count=None, page_count=3)
CHOSEN = Chosen(
    name="Danh mục đợt 1",
    year=2026,
    fonds_code="P01",
    fonds_title="Ủy ban hành chính tỉnh",
    state=ListState.APPROVED,
    at=AT,
    lines=(LINE, OTHER),
    number=3,
    decision=Decision("Trần Minh", date(2026, 2, 5)),
)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "text"),
    [
        ("1954-03", "1956", "03/1954 - 1956"),
        ("1954-03-07", "1954-03-07", "07/03/1954"),
        (None, "1956", "… - 1956"),
        ("1954", None, "1954 - …"),
        (None, None, ""),
    ],
)
def test_the_time_of_a_dossier_is_as_sure_as_its_dates(starts_on: str | None, ends_on: str | None, text: str) -> None:
    assert period(starts_on, ends_on) == text


def test_sheets_that_nobody_counted_are_neither_none_nor_added_up() -> None:
    assert both(None, 1_048) == "…/1.048"
    assert both(0, 3) == "0/3"
    closing = inventory_of(CHOSEN, Office()).closing
    assert closing[0] == "Mục lục này gồm 02 hồ sơ (đơn vị bảo quản), 1.051 trang."
    counted = replace(CHOSEN, lines=(LINE,) * 11)
    assert inventory_of(counted, Office()).closing[:2] == (
        "Mục lục này gồm 11 hồ sơ (đơn vị bảo quản), 264 tờ, 11.528 trang.",
        "Viết bằng chữ: Mười một hồ sơ (đơn vị bảo quản).",
    )


def test_dossiers_are_grouped_by_series_and_groups_named_only_where_there_are_any() -> None:
    named = inventory_of(CHOSEN, Office()).groups
    assert [group.name for group in named] == ["01. Đê điều", "Hồ sơ chưa xếp nhóm", ""]
    bare, total = inventory_of(replace(CHOSEN, lines=(OTHER,)), Office()).groups
    assert bare.name == ""
    assert total.rows == (("", "", "Cộng", "", "", "…/3", ""),)
    assert bare.rows == (("2", "H49.1954.01", "Hồ sơ đắp đê", "03/1954 - 1956", "Vĩnh viễn", "…/3", ""),)


def test_a_list_says_where_it_stands() -> None:
    def about(**changes: Any) -> tuple[str, ...]:  # noqa: ANN401 - any field
        return inventory_of(replace(CHOSEN, **changes), Office()).about[1:]

    signed = Decision("Trần Minh", date(2026, 2, 5), "12/QĐ-SNV", date(2026, 2, 3), "Lê Hòa")
    assert about() == ("Danh mục số 03/2026: Danh mục đợt 1", "Phê duyệt ngày 05/02/2026, người duyệt: Trần Minh")
    assert about(edition=2, decision=signed) == (
        "Danh mục số 03/2026: Danh mục đợt 1, bản điều chỉnh lần 01",
        "Kèm theo Quyết định số 12/QĐ-SNV ngày 03/02/2026, người ký: Lê Hòa",
    )
    assert about(state=ListState.SUPERSEDED)[1].endswith("; đã có bản thay thế")
    assert about(state=ListState.DRAFT, number=None, decision=None) == ("Danh mục: Danh mục đợt 1", "Dự thảo")


def test_what_the_settings_do_not_tell_is_left_to_write_in() -> None:
    told = inventory_of(CHOSEN, Office())
    assert (told.superior, told.agency) == ("", "………………")
    assert told.dated == "………………, ngày …… tháng …… năm ………"


def test_the_document_and_the_workbook_hold_every_dossier_and_no_formula() -> None:
    hostile = replace(LINE, title='=HYPERLINK("http://x")\x07\u202e')
    chosen = replace(CHOSEN, lines=(hostile, OTHER))
    made = document_of(inventory_of(chosen, Office("Trung tâm", "Sở", "Đồng Nai")), AT)
    _, table, _ = Document(BytesIO(made)).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in rows] == ["Số TT", "01. Đê điều", "1", "Hồ sơ chưa xếp nhóm", "2", ""]
    assert rows[5][2] == "Cộng"
    assert rows[2][2] == '=HYPERLINK("http://x")�'
    assert made == document_of(inventory_of(chosen, Office("Trung tâm", "Sở", "Đồng Nai")), AT)
    listed = inventory_list(chosen)
    assert [row[-1] for row in listed.rows] == ["01. Đê điều", ""]
    assert {len(row) for row in (*listed.rows, listed.totals)} == {len(listed.columns)} == {8}
