"""Names and codes over time: whatever is done, one follows the other and no two share a day."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.agency import Span, code_key, demand_follows, ended, in_order, said_by, said_from
from services.catalog.domain.agency_errors import SpansWrong, SuccessorWrong

DAYS = st.dates(date(1945, 9, 2), date(2033, 12, 31))
MERGED = date(2025, 7, 1)


@given(st.lists(st.tuples(DAYS, st.text("ABC", min_size=1, max_size=2)), min_size=1, max_size=12), DAYS)
def test_names_never_share_a_day_and_every_day_since_the_first_has_one(told: list[tuple[date, str]], day: date) -> None:
    spans: tuple[Span, ...] = ()
    for starts_on, text in told:
        try:
            spans = said_from(spans, text, starts_on)
        except SpansWrong:
            assert starts_on < spans[-1].starts_on
            continue
        assert spans[-1] == Span(text, starts_on)
    assert not any(one.meets(other) for one, other in combinations(spans, 2))
    assert in_order(spans) == spans
    covering = [each for each in spans if each.covers(day)]
    assert covering == ([said_by(spans, day)] if day >= spans[0].starts_on else [])


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_what_ends_on_a_day_is_said_no_more_and_was_said_the_day_before(days: list[date], on: date) -> None:
    spans: tuple[Span, ...] = ()
    for day in sorted(days):
        spans = said_from(spans, str(day), day)
    if max(days) >= on:
        with pytest.raises(SpansWrong):
            ended(spans, on)
        return
    after = ended(spans, on)
    assert not any(each.covers(on) for each in after)
    assert after[-1].covers(on - timedelta(days=1))
    assert [each.text for each in after] == [each.text for each in spans]


def test_spans_that_share_a_day_or_end_before_they_begin_are_refused() -> None:
    old = Span("Sông Bé", date(1976, 7, 2), date(1996, 12, 31))
    assert in_order([Span("Bình Phước", date(1997, 1, 1)), old])[0] == old
    for wrong in (Span("Bình Phước", date(1996, 12, 31)), Span("x", date(1980, 1, 2), date(1980, 1, 1))):
        with pytest.raises(SpansWrong):
            in_order([old, wrong])


def test_a_code_is_the_same_in_whatever_capitals_and_spaces() -> None:
    assert code_key(" h10.64 ") == code_key("H10. 64") == "h10.64"


def test_along_a_line_of_successors_the_days_grow() -> None:
    demand_follows(MERGED, begun_on=date(1976, 1, 1), ended_on=None, took_over_on=date(1997, 1, 1))
    for begun, gone, took_over in (
        (date(2025, 7, 2), None, None),
        (date(1976, 1, 1), MERGED, None),
        (date(1976, 1, 1), None, MERGED),
    ):
        with pytest.raises(SuccessorWrong):
            demand_follows(MERGED, begun_on=begun, ended_on=gone, took_over_on=took_over)
