"""Colour targets beside a page, and rows that are none, on pages drawn in the test."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.qc.color_target import with_target
from shared.imaging.measuring import Page, measure
from shared.imaging.measuring.color_target import color_target_of
from tests.hostile import page

SIZE = 1240, 1754
RED, GREEN, BLUE, YELLOW = (205, 60, 45), (0, 150, 80), (30, 80, 170), (240, 220, 30)


def found(image: Image.Image) -> bool:
    """Look at a page."""
    return color_target_of(Page(image, 150)) is not None


def row(colours: list[tuple[int, int, int]], widths: list[int], drops: list[int] | None = None) -> Image.Image:
    """Draw a row of rectangles in the head of a page."""
    drawn, left = page(*SIZE), 60
    for colour, width, drop in zip(colours, widths, drops or [0] * len(widths), strict=True):
        ImageDraw.Draw(drawn).rectangle((left, 20 + drop, left + width - 1, 70 + drop), fill=colour)
        left += width
    return drawn


@pytest.mark.parametrize("seed", range(12))
def test_a_strip_of_patches_along_any_side_is_found(seed: int) -> None:
    beside = with_target(np.asarray(page(*SIZE)), np.random.default_rng(seed))
    assert found(Image.fromarray(beside))


def test_a_target_is_told_with_its_place() -> None:
    part = color_target_of(Page(row([RED, GREEN, BLUE, YELLOW, RED, GREEN], [50] * 6), 150))
    assert part is not None
    left, top, right, bottom = part
    assert left <= 60 / 1240
    assert right >= 360 / 1240
    assert top <= 20 / 1754
    assert 70 / 1754 <= bottom < 120 / 1754


def test_patches_of_one_colour_or_of_many_sizes_or_in_no_line_are_no_target() -> None:
    many = [RED, GREEN, BLUE, YELLOW, RED, GREEN]
    assert found(row(many, [50] * 6))
    assert not found(row([RED, (236, 231, 218)] * 5, [50] * 10))
    assert not found(row(many, [30, 75, 45, 120, 60, 180]))
    assert not found(row(many, [50] * 6, [0, 60, 130, 20, 190, 90]))


def test_pages_without_a_target_have_none() -> None:
    assert not found(page(*SIZE))
    assert not found(page(*SIZE, mode="L"))
    assert not found(page(40, 60))


def test_a_target_beside_the_page_changes_no_judgement_of_its_light() -> None:
    alone, beside = (
        measure(Page(image, 150)) for image in (page(*SIZE), row([RED, GREEN, BLUE, YELLOW] * 3, [50] * 12))
    )
    assert beside.color_target
    assert not alone.color_target
    for name in ("overexposed_probability", "underexposed_probability", "uneven_light", "border_share"):
        assert getattr(beside, name) == pytest.approx(getattr(alone, name), abs=0.02)
    assert beside.colour_cast == pytest.approx(alone.colour_cast, abs=0.5)
    assert beside.intrusion_probability == 0
