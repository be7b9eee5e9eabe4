"""Paper sizes and A4 equivalents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qc.domain.paper import paper_of

SIZES = {"A4": (210, 297, 1), "A3": (297, 420, 2), "A2": (420, 594, 4), "A1": (594, 841, 8), "A0": (841, 1189, 16)}


def pixels(millimetres: float, dpi: float) -> int:
    """Give a length in pixels."""
    return round(millimetres / 25.4 * dpi)


@pytest.mark.parametrize("dpi", [200.0, 300.0, 600.0])
@pytest.mark.parametrize("name", SIZES)
def test_each_standard_size_counts_for_its_a4_pages_upright_and_across(name: str, dpi: float) -> None:
    short, long, count = SIZES[name]
    width, height = pixels(short, dpi), pixels(long, dpi)
    assert paper_of(width, height, (dpi, dpi)) == (name, count)
    assert paper_of(height, width, (dpi, dpi)) == (name, count)


def test_a_page_up_to_a_tenth_over_a_size_keeps_it_and_beyond_counts_as_the_next() -> None:
    assert paper_of(pixels(210 * 1.09, 300), pixels(297 * 1.09, 300), (300, 300)) == ("A4", 1)
    assert paper_of(pixels(210, 300), pixels(297 * 1.11, 300), (300, 300)) == ("A3", 2)
    assert paper_of(pixels(210 * 1.11, 300), pixels(297, 300), (300, 300)) == ("A3", 2)


def test_the_tolerance_can_be_chosen() -> None:
    assert paper_of(pixels(210, 300), pixels(297 * 1.05, 300), (300, 300), tolerance=0.02) == ("A3", 2)


def test_a_small_slip_is_one_a4_page() -> None:
    assert paper_of(600, 400, (300, 300)) == ("A4", 1)


def test_paper_beyond_a0_counts_as_a0() -> None:
    assert paper_of(pixels(1000, 300), pixels(3000, 300), (300, 300)) == ("A0+", 16)


def test_without_a_resolution_a_page_counts_once() -> None:
    assert paper_of(9000, 12_000, None) == ("unknown", 1)


def test_uneven_resolutions_are_each_taken_for_their_own_side() -> None:
    assert paper_of(pixels(210, 300), pixels(297, 150), (300, 150)) == ("A4", 1)


@given(st.integers(1, 60_000), st.integers(1, 60_000), st.floats(100, 1200), st.integers(0, 500))
def test_more_paper_never_counts_for_fewer_pages(width: int, height: int, dpi: float, more: int) -> None:
    assert paper_of(width + more, height, (dpi, dpi))[1] >= paper_of(width, height, (dpi, dpi))[1]
