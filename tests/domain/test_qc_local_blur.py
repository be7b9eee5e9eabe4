"""A blurred part of the page beside the rest of it, on pages drawn in the test."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from services.qc.domain.profile import Profile
from shared.imaging.measuring import Page
from shared.imaging.measuring.local_blur import LocalBlur, local_blur_of
from tests.hostile import page

SIZE = 1240, 1754
LIMIT = Profile.load("tt05-2025").most_local_blur_probability


def printed(lines: int = 60) -> Image.Image:
    """Draw a page full of lines, as soft as a scanner shows them."""
    return page(*SIZE, lines=lines).filter(ImageFilter.GaussianBlur(0.7))


def blurred(image: Image.Image, box: tuple[int, int, int, int], sigma: float) -> Image.Image:
    """Blur a part of a page."""
    part = image.filter(ImageFilter.GaussianBlur(sigma))
    image.paste(part.crop(box), box[:2])
    return image


def found(image: Image.Image) -> LocalBlur:
    """Look at a page."""
    return local_blur_of(Page(image, 150))


@pytest.mark.parametrize("sigma", [2.0, 3.0, 4.0])
def test_a_corner_out_of_focus_is_found_and_told_where(sigma: float) -> None:
    blur = found(blurred(printed(), (700, 1000, 1240, 1754), sigma))
    assert blur.probability is not None
    assert blur.probability > LIMIT
    assert blur.part is not None
    left, top, right, bottom = blur.part
    assert left > 0.4
    assert top > 0.4
    assert right > 0.8
    assert bottom > 0.8


def test_a_page_that_is_sharp_or_soft_all_over_has_no_blurred_part() -> None:
    for image in (printed(), printed().filter(ImageFilter.GaussianBlur(2))):
        assert (found(image).probability or 0) < 0.1


def test_faded_text_beside_dark_text_is_not_blurred() -> None:
    pixels = np.asarray(printed()).astype(np.float32)
    paper = np.array([236, 231, 218], np.float32)
    pixels[877:] = paper + (pixels[877:] - paper) * 0.35
    assert (found(Image.fromarray(pixels.astype(np.uint8))).probability or 0) < 0.1


def test_one_soft_stamp_does_not_make_a_page_blurred() -> None:
    stamped = printed()
    stamp = Image.new("L", SIZE, 0)
    ImageDraw.Draw(stamp).ellipse((800, 1300, 1050, 1550), outline=140, width=12)
    stamped.paste((190, 40, 60), mask=stamp.filter(ImageFilter.GaussianBlur(3)))
    assert (found(stamped).probability or 0) < 0.1


def test_a_few_lines_are_not_enough_to_compare() -> None:
    assert found(Image.new("RGB", SIZE, (236, 231, 218))).probability is None
    assert found(page(40, 60)).probability is None


def test_a_table_darker_than_the_paper_is_not_compared_with_the_text() -> None:
    photographed = Image.new("RGB", SIZE, (120, 95, 70))
    ImageDraw.Draw(photographed).ellipse((950, 300, 1230, 1400), fill=(90, 70, 52))
    photographed = photographed.filter(ImageFilter.GaussianBlur(4))
    photographed.paste(printed().crop((0, 0, 900, 1754)), (0, 0))
    assert (found(photographed).probability or 0) <= LIMIT
