"""Dates as old inventories write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.cell import CellWrong, Reread, start_of
from services.catalog.domain.old_calendar import BRANCHES, STEMS
from services.catalog.domain.old_date import Period, period_of
from services.catalog.domain.old_month import MONTHS, ROMAN

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
    "1925 ?": Period("1925", "1925", "uncertain"),
    "1945-1946 ?": Period("1945", "1946", "uncertain_period"),
    "1945 ? - 1946": Period("1945", "1946", "uncertain_period"),
    "khoảng 1945-1946": Period("1945", "1946", "uncertain_period"),
    "[1945-1946]": Period("1945", "1946", "uncertain_period"),
    "1954-57 ?": Period("1954", "1957", "uncertain_period"),
    "khoảng những năm 1930": Period("1930", "1939", "uncertain_period"),
    "từ tháng 3/1954 đến khoảng 1955": Period("1954-03", "1955", "uncertain_period"),
    "12 mars 1931": Period("1931-03-12", "1931-03-12", "worded"),
    "8 7bre 1899": Period("1899-09-08", "1899-09-08", "worded"),
    "12 janv. 1931": Period("1931-01-12", "1931-01-12", "worded"),
    "le 1er août 1902": Period("1902-08-01", "1902-08-01", "worded"),
    "12-III-1931": Period("1931-03-12", "1931-03-12", "worded"),
    "tháng năm năm 1931": Period("1931-05", "1931-05", "worded"),
    "Năm Bính Tuất 1946": Period("1946", "1946", "worded"),
    "Quý Tỵ (1953)": Period("1953", "1953", "worded"),
    "Bảo Đại năm thứ 15 (1940)": Period("1940", "1940", "worded"),
    "cuối năm 1954": Period("1954", "1954", "part"),
    "fin 1954": Period("1954", "1954", "part"),
    "mars-avril 1931": Period("1931-03", "1931-04", "period"),
    "tháng 3-4/1931": Period("1931-03", "1931-04", "period"),
    "12-15/3/1931": Period("1931-03-12", "1931-03-15", "period"),
    "du 12 au 15 mars 1931": Period("1931-03-12", "1931-03-15", "period"),
    "du 12 mars au 5 avril 1931": Period("1931-03-12", "1931-04-05", "period"),
    "từ 12/3 đến 15/4/1931": Period("1931-03-12", "1931-04-15", "period"),
    "3-III-1931 - 5-IV-1931": Period("1931-03-03", "1931-04-05", "period"),
    "1925/26": Period("1925", "1926", "period"),
    "những năm 1930": Period("1930", "1939", "period"),
    "s.d.": Period(None, None, "unknown"),
    "sans date": Period(None, None, "unknown"),
}
REFUSED = {  # with words of their own
    "trước 1945": "only_bound",
    "sau tháng 8 năm 1945": "only_bound",
    "avant 1945": "only_bound",
    "năm Bính Tuất": "year_untold",
    "Bảo Đại năm thứ 15": "year_untold",
    "Bính Tuất 1947": "not_a_date",
    "Bảo Đại năm thứ 15 (1946)": "not_a_date",
    "1911/12": "not_a_date",  # a month, or two years
    "2-3/1954": "not_a_date",  # a day, or two months
    "2/9/45": "not_a_date",
    "tháng Giêng năm 1954": "not_a_date",  # of the lunar year
    "12/11-15/2/1931": "not_a_date",
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
        f"{day.day}/{list(ROMAN)[day.month - 1].upper()}/{day.year}",
    ]
    assert {(period_of(each).start, period_of(each).end) for each in written} == {(day.isoformat(), day.isoformat())}


@given(st.text(max_size=30))
def test_whatever_stands_there_is_a_date_or_an_error(text: str) -> None:
    try:
        read = period_of(text)
    except ValueError:
        return
    assert read.start is None or read.end is None or read.start[:4] <= read.end[:4]


@pytest.mark.parametrize("text", REFUSED)
def test_what_nobody_can_know_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(CellWrong, match=f"^{REFUSED[text]}$"):
        start_of(text)


@pytest.mark.parametrize("text", [text for text, period in READ.items() if period.why])
def test_whatever_was_written_otherwise_is_told_its_writer(text: str) -> None:
    assert isinstance(start_of(text), Reread)


@given(st.integers(1600, 2100), st.integers(1600, 2100))
def test_a_year_of_the_old_calendar_is_read_beside_that_same_year_only(year: int, beside: int) -> None:
    name = f"{STEMS[year % 10]} {BRANCHES[year % 12]}"
    if (year - beside) % 60 == 0:
        assert period_of(f"năm {name} ({beside})") == Period(str(beside), str(beside), "worded")
    elif (year - beside) % 10 or BRANCHES[year % 12] not in ("ty", "ti"):  # both are spelt alike
        with pytest.raises(ValueError, match=r"."):
            period_of(f"năm {name} ({beside})")


@given(st.dates(date(1800, 1, 1), date(2026, 12, 31)), st.dates(date(1800, 1, 1), date(2026, 12, 31)))
def test_a_period_that_shares_its_year_or_month_is_the_whole_period(one: date, other: date) -> None:
    first, last = sorted([one, other])
    month, until = MONTHS[first.month - 1], f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    whole = Period(first.isoformat(), last.isoformat(), "period")
    assert period_of(f"du {first.day} {month} {first.year} au {until}") == whole
    if first.year == last.year:
        assert period_of(f"{first.day} {month} - {until}") == whole
        assert period_of(f"{first.day}/{first.month} đến {last.day}/{last.month}/{last.year}") == whole
    if (first.year, first.month) == (last.year, last.month):
        assert period_of(f"{first.day}-{until}") == whole


@given(st.text("0123456789-/. ?[]()từđếnaàudngàyáthIVX", max_size=80))
def test_nothing_takes_long_to_be_no_date(text: str) -> None:
    try:
        read = period_of(text)
    except ValueError:
        return
    assert read.start is None or read.end is None or read.start[:4] <= read.end[:4]


@pytest.mark.parametrize("text", ["1945-1946 ?", "[1945-1946]"])
def test_the_doubt_about_a_period_is_told_and_both_its_ends_are_taken(text: str) -> None:
    read = start_of(text)
    assert isinstance(read, Reread)
    assert (read.value, read.why, read.also) == ("1945", "read_uncertain_period", {"ends_on": "1946"})
