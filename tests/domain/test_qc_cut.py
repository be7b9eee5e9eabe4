"""Text that is cut at an edge, and what lies at edges although nothing is cut."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.qc.domain.profile import Profile
from shared.imaging.measuring import Page
from shared.imaging.measuring.cut import cut_probability_of
from shared.imaging.measuring.margin import least_margin_of

LIMIT = Profile.load("tt05-2025").most_cut_probability
PAPER = (232, 226, 210)


def lettered() -> Image.Image:
    """Set a page of text with margins of a thumb."""
    image = Image.new("RGB", (1240, 1754), PAPER)
    pen = ImageDraw.Draw(image)
    for line in range(26):
        text = "Kinh gui Uy ban hanh chinh tinh ve viec luu tru ho so va tai lieu"
        pen.text((140 + 7 * (line % 6), 160 + 54 * line), text, (35, 33, 40), ImageFont.load_default(30))
    return image


def cut(image: Image.Image) -> float:
    """Measure how likely text is cut."""
    return cut_probability_of(Page(image))


@pytest.mark.parametrize(
    "box", [(300, 0, 1240, 1754), (0, 0, 700, 1754), (0, 231, 1240, 1754), (0, 0, 1240, 1147)], ids=str
)
def test_a_crop_through_words_or_lines_is_found_at_every_side(box: tuple[int, int, int, int]) -> None:
    assert cut(lettered().crop(box)) > LIMIT


def test_a_whole_page_and_one_with_tight_margins_are_not_cut() -> None:
    page = lettered()
    assert cut(page) == 0
    ink = np.asarray(page.convert("L")) < 120
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = int(columns[0]) - 8, int(rows[0]) - 8, int(columns[-1]) + 8, int(rows[-1]) + 8
    assert cut(page.crop(box)) < LIMIT


def test_rules_that_run_to_the_edges_are_not_cut_text() -> None:
    page = lettered()
    pen = ImageDraw.Draw(page)
    for x in range(60, 1240, 140):
        pen.line((x, 0, x + 12, 1754), fill=(60, 60, 60), width=3)
    for y in range(100, 1754, 108):
        pen.line((0, y, 1240, y + 9), fill=(60, 60, 60), width=3)
    assert cut(page) < LIMIT


def test_a_black_border_and_a_turned_page_on_black_are_not_cut_text() -> None:
    page = lettered()
    ImageDraw.Draw(page).rectangle((0, 0, 50, 1754), fill=0)
    assert cut(page) < LIMIT
    assert cut(lettered().rotate(2, fillcolor=(0, 0, 0))) < LIMIT


def test_the_cut_words_of_a_neighbour_beyond_a_black_gap_are_not_this_pages() -> None:
    both = Image.new("RGB", (1400, 1754), (10, 10, 10))
    both.paste(lettered(), (0, 0))
    both.paste(lettered().crop((140, 0, 260, 1754)), (1280, 0))
    assert cut(both) < LIMIT


def test_the_narrowest_margin_is_told_in_millimetres_where_it_is_narrow() -> None:
    page = lettered()
    assert least_margin_of(Page(page, 150)) is None
    ink = np.asarray(page.convert("L")) < 120
    first = int(np.flatnonzero(ink.any(axis=1))[0])
    narrow = least_margin_of(Page(page.crop((0, first - 6, 1240, 1754)), 150))
    assert narrow == pytest.approx(6 / 150 * 25.4, abs=0.8)


def test_a_frayed_black_border_is_no_text_without_a_margin() -> None:
    page = lettered()
    pen = ImageDraw.Draw(page)
    for x in range(0, 1240, 9):
        pen.rectangle((x, 1750, x + 4, 1754), fill=0)
    assert least_margin_of(Page(page, 150)) is None
