"""The catalog's pure rules: dates, text, cells, documents, list states."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.cell import CellWrong, Peculiar, code_of, count_of, date_of, mark_of, raw_text, text_of
from services.catalog.domain.codes import ACCESS_LEVEL, DOCUMENT_TYPE, LANGUAGE
from services.catalog.domain.document import DocumentLine, wrong_documents
from services.catalog.domain.partial_date import earliest, in_order, is_future, iso_of, latest
from services.catalog.domain.programme import Programme
from services.catalog.domain.state import NEXT, ListState, advance
from services.catalog.domain.text import folded, tidied, tidied_lines
from services.catalog.errors import StateGoesBackwards

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2/3/1954", "1954-03-02"), ("02/03/1954", "1954-03-02"), ("3/1954", "1954-03"), (" 1954 ", "1954"),
     ("1954-03-02", "1954-03-02"), ("1954-03", "1954-03"), ("29/2/1956", "1956-02-29")],
)  # fmt: skip
def test_a_date_is_cut_where_it_is_unknown(text: str, iso: str) -> None:
    assert iso_of(text) == iso


@pytest.mark.parametrize(
    "text",
    ["", "54", "30/2/1954", "29/2/1954", "13/1954", "0/1954", "1954-1957", "tháng 3/1954", "1/1/54", "0000",
     "1954-3-2", "1954/03/02", "1954?", "03-1954"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month|year"):
        iso_of(text)


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_is_read_as_people_write_it(day: date) -> None:
    assert iso_of(f"{day.day}/{day.month}/{day.year:04d}") == day.isoformat() == iso_of(day.isoformat())


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_cut_date_covers_every_day_it_may_mean(day: date, length: int) -> None:
    cut = day.isoformat()[:length]
    assert earliest(cut) <= day.isoformat() <= latest(cut)
    assert in_order(cut, day.isoformat())
    assert in_order(day.isoformat(), cut)


def test_a_period_ends_no_earlier_than_it_starts() -> None:
    assert in_order("1954-03", "1954")
    assert in_order(None, "1954")
    assert not in_order("1955", "1954-12-31")
    assert not in_order("1954-03-02", "1954-03-01")


def test_nothing_in_an_archive_is_of_the_future() -> None:
    assert not any(is_future(iso, TODAY) for iso in (None, "2026", "2026-06", "2026-06-01", "1954"))
    assert all(is_future(iso, TODAY) for iso in ("2027", "2026-07", "2026-06-02"))


@given(st.text())
def test_folding_and_tidying_twice_is_once(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)
    assert tidied_lines(tidied_lines(text)) == tidied_lines(text)
    assert folded(tidied(text)) == folded(text)


def test_folding_takes_the_stroke_off_as_well() -> None:
    assert folded("  ĐƯỜNG  Đồng Đăng ") == "duong dong dang"


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (12.0, "12"), (12.5, "12.5"), (date(1954, 3, 2), "02/03/1954"),
     (datetime(1954, 3, 2, 1), "02/03/1954"),  # noqa: DTZ001 - Excel knows no zones
     (" a \u00a0b\n", "a b"), ("e\u0302", "ê"), (time(1, 2), "01:02:00"),
     (timedelta(days=1), "1 day, 0:00:00"), (10**15 - 1, "9" * 15)],
)  # fmt: skip
def test_a_cell_is_read_as_people_write_it(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "why"),
    [(Peculiar("excel_error", "#N/A"), "excel_error"),
     ("a\x07b", "control_character"), (True, "not_text"), (False, "not_text"),
     (1234567890123456, "too_many_digits"), (1.23456789012345e17, "too_many_digits"),
     (float("inf"), "too_many_digits")],
)  # fmt: skip
def test_a_cell_that_holds_no_text_is_refused(cell: object, why: str) -> None:
    with pytest.raises(CellWrong, match=why):
        raw_text(cell)


def test_a_number_sign_is_no_error_of_excel() -> None:
    assert text_of("#12/QĐ-UB") == "#12/QĐ-UB"


@pytest.mark.parametrize("cell", ["1e5", "١٢", "1 200", "1,5", "- 5", "--5", "²", float("nan"), "12a"])
def test_a_count_is_digits_and_nothing_else(cell: object) -> None:
    with pytest.raises(CellWrong):
        count_of(cell)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates()))
def test_no_cell_breaks_a_reader(cell: object) -> None:
    for read in (text_of, code_of, count_of, date_of, mark_of):
        with suppress(CellWrong):
            read(cell)


def test_a_code_gets_its_zero_back() -> None:
    assert [code_of(cell) for cell in (1, 1.0, "1", "01", "11", "", "x")] == ["01", "01", "01", "01", "11", None, "x"]


def test_the_code_lists_are_those_of_the_circular() -> None:
    assert list(LANGUAGE) == [f"{number:02d}" for number in range(1, 12)]
    assert list(DOCUMENT_TYPE) == [f"{number:02d}" for number in range(1, 33)]
    assert list(ACCESS_LEVEL) == ["01", "02", "03"]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(3, None, "pages_half_told"), (None, 4, "pages_half_told"), (5, 4, "pages_backwards"), (2, 4, "pages_overlap"),
     (9, 11, "pages_beyond_dossier"), (3, 3, None), (10, 10, None), (None, None, None)],
)  # fmt: skip
def test_a_document_has_pages_of_its_own(first: int | None, last: int | None, code: str | None) -> None:
    documents = [
        DocumentLine(1, "a", first_page=1, last_page=2),
        DocumentLine(2, "b", first_page=first, last_page=last),
    ]
    assert [wrong.code for _, wrong in wrong_documents(documents, 10, TODAY)] == ([code] if code else [])


def test_a_document_has_a_known_type() -> None:
    documents = [DocumentLine(1, "a", type_code="33"), DocumentLine(2, "b", type_code="32")]
    assert [(place, wrong.code) for place, wrong in wrong_documents(documents, 1, TODAY)] == [(1, "type_code_unknown")]


@pytest.mark.parametrize("present", list(ListState))
@pytest.mark.parametrize("wanted", list(ListState))
def test_a_list_moves_only_along_the_table(present: ListState, wanted: ListState) -> None:
    if wanted in NEXT[present]:
        assert advance(present, wanted) is wanted
    else:
        with pytest.raises(StateGoesBackwards):
            advance(present, wanted)


def test_the_shipped_programme_has_the_five_criteria_of_the_plan() -> None:
    programme = Programme.load("decision-71-2023")
    assert len(programme.criteria) == 5
    assert all(words.vi and words.en for words in programme.criteria.values())
