"""Which resolution a page truly has, from its tag and its pixels."""

import pytest

from shared.imaging.resolution import Resolution, true_resolution

A4_AT_300 = (2480, 3508)


@pytest.mark.parametrize("tag", [(300.0, 300.0), (299.999, 299.999), (118.1, 118.1), (300.0, 150.0), (1200.0, 1200.0)])
def test_a_tag_that_a_scanner_can_have_written_is_believed(tag: tuple[float, float]) -> None:
    assert true_resolution(tag, *A4_AT_300) == Resolution(tag, "tag")


@pytest.mark.parametrize("tag", [None, (1.0, 1.0), (72.0, 72.0), (96.0, 96.0), (99_999.0, 99_999.0), (0.5, 300.0)])
def test_a_missing_or_untrue_tag_gives_way_to_an_estimate_that_says_so(tag: tuple[float, float] | None) -> None:
    assert true_resolution(tag, *A4_AT_300) == Resolution((300.0, 300.0), "estimated")
    assert true_resolution(tag, *reversed(A4_AT_300)) == Resolution((300.0, 300.0), "estimated")


@pytest.mark.parametrize(("size", "dpi"), [((1654, 2339), 200.0), ((3508, 4961), 300.0), ((9933, 14043), 300.0)])
def test_sheets_from_a4_to_a0_are_known_by_their_pixels(size: tuple[int, int], dpi: float) -> None:
    assert true_resolution(None, *size) == Resolution((dpi, dpi), "estimated")


def test_a_coarse_tag_is_believed_of_a_small_picture() -> None:
    assert true_resolution((72.0, 72.0), 595, 842) == Resolution((72.0, 72.0), "tag")


def test_pixels_that_fit_no_sheet_give_no_resolution() -> None:
    assert true_resolution((72.0, 72.0), 4608, 3072) == Resolution(None, "none")
