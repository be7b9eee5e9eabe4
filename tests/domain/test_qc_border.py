"""Where the paper lies, on pages whose surround we drew."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from shared.imaging.measuring import Page
from shared.imaging.measuring.border import Paper
from tests.hostile import page

PAPER = (236, 231, 218)


def paper(image: Image.Image) -> Paper:
    """Find the paper of an image."""
    return Page(image).paper


@pytest.mark.parametrize("tone", [(0, 0, 0), (70, 72, 75), (150, 150, 150), (255, 255, 255)])
def test_a_surround_darker_or_whiter_than_the_paper_is_not_paper(tone: tuple[int, int, int]) -> None:
    surrounded = Image.new("RGB", (1240, 1754), tone)
    surrounded.paste(page(1040, 1500), (100, 120))
    found = paper(surrounded)
    assert found.border_share == pytest.approx(1 - 1040 * 1500 / (1240 * 1754), abs=0.02)
    assert found.mask[200, 150]
    assert not found.mask[5, 5]


def test_the_black_wedges_of_a_turned_page_are_not_paper() -> None:
    found = paper(page(1240, 1754).rotate(3, fillcolor=(0, 0, 0)))
    assert not found.mask[0, 0]
    assert found.mask[200, 150]
    assert 0.01 < found.border_share < 0.15


def test_a_page_that_fills_its_image_is_all_paper_also_with_print_to_the_edge() -> None:
    printed = page(1240, 1754)
    ImageDraw.Draw(printed).rectangle((0, 400, 1239, 404), fill=(20, 20, 20))
    assert paper(printed).border_share == 0


def test_light_that_fades_across_a_page_leaves_it_all_paper() -> None:
    light = np.linspace(130, 250, 1240, dtype=np.uint8)
    assert paper(Image.fromarray(np.tile(light, (1754, 1)))).border_share == 0


def test_the_neighbour_beyond_the_gutter_is_not_paper() -> None:
    opened = np.full((1754, 1240), 225.0)
    columns = np.arange(1240)
    opened *= 1 - 0.4 * np.exp(-(((columns - 1140) / 12.0) ** 2))
    found = paper(Image.fromarray(opened.astype(np.uint8)))
    assert not found.mask[:, -20:].any()
    assert found.mask[:, :270].all()


@pytest.mark.parametrize("tone", [0, 90, 255])
def test_an_image_of_one_tone_is_all_paper(tone: int) -> None:
    assert paper(Image.new("L", (800, 1000), tone)).border_share == 0


def open_book(depth: float) -> Image.Image:
    """Draw an open book, its gutter in shadow, slightly askew."""
    rows, columns = np.mgrid[0:1000, 0:1500]
    gutter = np.exp(-(((columns - 740 - rows * 0.01) / 12.0) ** 2))
    return Image.fromarray((225 * (1 - depth * gutter)).astype(np.uint8))


def test_the_gutter_of_an_open_book_is_found_and_none_on_a_wide_sheet() -> None:
    assert paper(open_book(0.15)).gutter == pytest.approx(0.5, abs=0.01)
    assert paper(open_book(0)).gutter is None
    assert paper(page(1500, 1000)).gutter is None
    assert paper(page(1000, 1500)).gutter is None
