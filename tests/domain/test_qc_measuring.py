"""The measures of pages whose truth we know because we drew them."""

import pytest
from PIL import Image, ImageDraw, ImageFilter

from services.qc.domain.profile import Profile
from shared.imaging.measuring import Page
from shared.imaging.measuring.blank import emptiness_of
from shared.imaging.measuring.sharpness import sharpness_of
from shared.imaging.measuring.skew import skew_of
from shared.imaging.measuring.tone import tones_of
from shared.imaging.plain import grey_of
from tests.hostile import page

LEGAL = Profile.load("tt05-2025")
LARGE = page(1654, 2339)  # A4 at 200 dpi


def skew(image: Image.Image) -> float | None:
    """Measure an image's skew."""
    return skew_of(Page(image)).degrees


def sharpness(image: Image.Image) -> float | None:
    """Measure an image's sharpness."""
    return sharpness_of(Page(image)).sharpness


def blank(image: Image.Image) -> float:
    """Measure how likely an image is of a blank page."""
    return emptiness_of(Page(image)).blank_probability


@pytest.mark.parametrize("degrees", [-14.0, -5.3, -1.0, 0.0, 0.4, 2.0, 7.7, 14.0])
def test_a_page_turned_counter_clockwise_has_a_positive_skew_of_as_many_degrees(degrees: float) -> None:
    turned = LARGE.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(236, 231, 218))  # Pillow turns that way too
    measured = skew(turned)
    assert measured is not None
    assert measured == pytest.approx(degrees, abs=0.15)


def test_a_page_without_lines_of_text_has_no_skew() -> None:
    assert skew(Image.effect_noise((1200, 1600), 90)) is None
    assert skew(Image.new("RGB", (1200, 1600), "white")) is None


def test_blur_lowers_sharpness_below_the_limit_and_a_clear_page_stays_above() -> None:
    clear, soft = sharpness(LARGE), sharpness(LARGE.filter(ImageFilter.GaussianBlur(5)))
    assert clear is not None
    assert soft is not None
    assert soft < LEGAL.least_sharpness < clear


def test_a_page_that_moved_while_it_was_scanned_is_blurred_although_it_is_sharp_the_other_way() -> None:
    moved = sharpness(LARGE.filter(ImageFilter.BoxBlur((12, 0))))
    assert moved is not None
    assert moved < LEGAL.least_sharpness


def test_a_page_with_one_line_of_text_is_neither_blank_nor_blurred() -> None:
    one_line = page(1654, 2339, lines=1)
    assert blank(one_line) < LEGAL.most_blank_probability
    measured = sharpness(one_line)
    assert measured is not None
    assert measured > LEGAL.least_sharpness


def test_an_empty_page_is_blank_also_with_grain_and_a_black_scanner_border() -> None:
    empty = Image.effect_noise((1654, 2339), 12).point(lambda tone: min(255, tone + 90))
    ImageDraw.Draw(empty).rectangle((0, 0, 30, 2339), fill=0)
    assert blank(empty) > LEGAL.most_blank_probability
    assert sharpness(empty) is None


def test_tones_say_where_the_dark_the_middle_and_the_light_lie() -> None:
    image = Image.new("L", (1000, 200), 200)
    ImageDraw.Draw(image).rectangle((100, 50, 299, 149), fill=0)
    tones = tones_of(Page(image))
    assert (tones.p01, tones.p50, tones.p99) == (0, 200, 200)
    assert tones.clipped_dark == pytest.approx(0.1)
    assert tones.clipped_light == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_kind_of_pixel_becomes_grey_with_paper_light_and_ink_dark(mode: str) -> None:
    image = page(300, 400, "L")
    if mode in ("I", "I;16"):
        image = image.convert("I").point(lambda tone: tone * 256).convert(mode)
    grey = grey_of(image if image.mode == mode else image.convert(mode))
    assert grey.mode == "L"
    tones = tones_of(Page(grey))
    assert tones.p01 < 70 < 200 < tones.p99
