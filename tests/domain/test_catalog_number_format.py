"""Numbers are read as Excel shows them where that is sure, and not at all where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.number_format import plain_number, shown_as


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        (7, "000", "007"),
        (8, "0000", "0008"),
        (12345, "000", "12345"),
        (9, '"H49."0', "H49.9"),
        (9, '"H49."000" tờ"', "H49.009 tờ"),
        (7, '"H49."General', "H49.7"),
        (1.1, "0.00", "1.10"),
        (1.125, "0.00", "1.13"),
        (1234, "00\\.00", "12.34"),
        (12, "000\\-000", "000-012"),
        (12345, '0"."00', "123.45"),
        (5, "#,##0", "5"),
        (5, "_(#,##0_)", " 5 "),
        (-5, "000", "-005"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"không"', None),  # a word for zero is no number
        (7, "[Red]00", "07"),
        (7, "[$-42A]00", "07"),
        (7, '00;@";"', "07"),
        (7.5, "General", "7.5"),
        (7, "@", "7"),
    ],
)
def test_a_number_is_shown_by_its_format(number: float, number_format: str, shown: str | None) -> None:
    assert shown_as(number, number_format) == shown


@pytest.mark.parametrize(
    ("number", "number_format"),
    [
        (12345, "#,##0"), (12345, "0,"), (5, "0,000"), (0.5, "0%"), (5, "0.0E+00"), (1.5, "# ?/?"), (5, "???"),
        (5, "[>3]0"), (5, ";;;"), (5, "*x0"), (5, "dd"), (0.4, "0"), (5, "00/00"), (5, '"H'), (5, "0.0.0"),
        (5, "#\\.#"), (5, "[h]"), (5, "0.0#"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_not_guessed_at(number: float, number_format: str) -> None:
    assert shown_as(number, number_format) is None


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_zeros_fill_up_and_nothing_is_lost(number: int, width: int) -> None:
    assert shown_as(number, "0" * width) == str(number).zfill(width)


@given(st.floats(-1e9, 1e9) | st.integers(-(10**14), 10**14), st.text('0#.,;"\\_*[]$-%?/ EeGaxÀ@', max_size=12))
def test_any_format_is_answered(number: float, number_format: str) -> None:
    assert shown_as(number, number_format) is None or shown_as(number, number_format)
    assert shown_as(number, "General") == plain_number(number)
