"""Dates as old inventories write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.old_date import MONTHS, ROMAN, Period, period_of

READ = {
    "1954": Period("1954", "1954"),
    "02/03/1954": Period("1954-03-02", "1954-03-02"),
    "1954-12": Period("1954-12", "1954-12"),
    "1954-1957": Period("1954", "1957", "period"),
    "1954 – 57": Period("1954", "1957", "period"),  # noqa: RUF001 - as people write it
    "từ tháng 3/1954 đến 12/1955": Period("1954-03", "1955-12", "period"),
    "2/3/1954 - 5/4/1954": Period("1954-03-02", "1954-04-05", "period"),
    "Quý II/1954": Period("1954-04", "1954-06", "period"),
    "1954-?": Period("1954", None, "period"),
    "tháng 3/1954": Period("1954-03", "1954-03", "worded"),
    "Ngày 2 tháng 3 năm 1954": Period("1954-03-02", "1954-03-02", "worded"),
    "năm 1954": Period("1954", "1954", "worded"),
    "2.3.1954": Period("1954-03-02", "1954-03-02", "worded"),
    "2/III/1954": Period("1954-03-02", "1954-03-02", "worded"),
    "1er mars 1954": Period("1954-03-01", "1954-03-01", "worded"),
    "Décembre 1932": Period("1932-12", "1932-12", "worded"),
    "?": Period(None, None, "unknown"),
    "không rõ": Period(None, None, "unknown"),
    "khoảng 1954": Period("1954", "1954", "uncertain"),
    "3-1954?": Period("1954-03", "1954-03", "uncertain"),
    "[1954]": Period("1954", "1954", "uncertain"),
}
NO_DATES = ["1957-1954", "31/02/1954", "31.2.1954", "tháng 13/1954", "54", "hôm qua", "thế kỷ 19", "1954-1955-1956"]


@pytest.mark.parametrize("text", READ)
def test_old_ways_of_writing(text: str) -> None:
    assert period_of(text) == READ[text]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_stays_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period_of(text)


@pytest.mark.parametrize("text", ["1954" + "?" * 5000, " " * 5000 + "1954 đến" * 2000, "[" * 5000, "từ " * 9000 + "-"])
def test_what_is_too_long_for_a_date_is_no_date_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no date"):
        period_of(text)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_is_the_same_day_however_it_is_written(day: date) -> None:
    written = [
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day.day}/{ROMAN[day.month - 1].upper()}/{day.year}",
    ]
    assert {(period_of(each).start, period_of(each).end) for each in written} == {(day.isoformat(), day.isoformat())}


@given(st.text(max_size=30))
def test_whatever_stands_there_is_a_date_or_an_error(text: str) -> None:
    try:
        read = period_of(text)
    except ValueError:
        return
    assert read.start is None or read.end is None or read.start[:4] <= read.end[:4]
