"""Sharpness of pages of text that we set, then blurred or spoiled in ways that are no blur."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from bench.qc.blurring import defocused, moved
from services.qc.domain.profile import Profile
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.sharpness import Sharpness, sharpness_of

LEGAL = Profile.load("tt05-2025")
WORDS = "Hồ sơ lưu trữ tỉnh, tờ số 27: biên bản họp"


@cache
def text(lines: int = 40, ink: int = 40, grain: float = 2.5) -> Image.Image:
    """Set lines of text on grainy paper, A4 at 150 dpi."""
    page = Image.new("L", (2480, 3508), 225)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(64)
    for line in range(lines):
        draw.text((240, 240 + 75 * line), WORDS, fill=ink, font=font)
    tones = np.asarray(page.reduce(2), dtype=np.float32) + np.random.default_rng(1).normal(0, grain, (1754, 1240))
    return Image.fromarray(np.clip(tones, 0, 255).astype(np.uint8))


def judged(page: Image.Image) -> Sharpness:
    """Measure a page."""
    return sharpness_of(Page(page))


def sharp(page: Image.Image) -> float:
    """Give the sharpness of a page that has one."""
    sharpness = judged(page).sharpness
    assert sharpness is not None
    return sharpness


def test_the_more_a_page_is_blurred_the_less_sharp_it_is() -> None:
    found = [sharp(text()), *(sharp(defocused(text(), sigma)) for sigma in (0.6, 1.0, 1.5))]
    assert found == sorted(found, reverse=True)
    assert found[-1] < LEGAL.least_sharpness < found[0]


@pytest.mark.parametrize("degrees", [0, 22, 45, 90, 130, 160])
def test_a_page_that_moved_is_blurred_whichever_way_it_moved(degrees: float) -> None:
    assert sharp(moved(text(), 7, degrees)) < LEGAL.least_sharpness


@pytest.mark.parametrize("sigma", [1.5, 2.5, 5.0])
def test_a_blurred_page_stays_blurred_when_the_scanner_adds_grain(sigma: float) -> None:
    soft = np.asarray(defocused(text(), sigma), dtype=np.float32)
    grainy = np.clip(soft + np.random.default_rng(2).normal(0, 2, soft.shape), 0, 255).astype(np.uint8)
    assert sharp(Image.fromarray(grainy)) < 0.6 * sharp(text())


def faded(page: Image.Image) -> Image.Image:
    """Leave a quarter of the contrast."""
    return page.point(lambda tone: 150 + tone // 4)


def compressed(page: Image.Image) -> Image.Image:
    """Save as a JPEG of middling quality."""
    file = BytesIO()
    page.save(file, "JPEG", quality=60)
    return Image.open(file)


@pytest.mark.parametrize(
    "spoil",
    [
        faded,
        compressed,
        lambda page: page.point(lambda tone: 255 if tone > 128 else 0),
        lambda page: page.point(lambda tone: min(255, tone + 25)),
        lambda page: page.reduce(2),
        lambda page: page.rotate(7, Image.Resampling.BICUBIC, fillcolor=225),
        lambda page: Image.merge("RGB", [page, page, page.point(lambda tone: tone * 3 // 4)]),
    ],
    ids=["faded", "compressed", "bitonal", "light", "small", "turned", "yellow"],
)
def test_what_is_no_blur_is_not_called_blur(spoil: Callable[[Image.Image], Image.Image]) -> None:
    assert sharp(spoil(text())) > LEGAL.least_sharpness


def test_a_sparse_page_is_as_sharp_as_a_full_one() -> None:
    assert sharp(text(lines=1)) == pytest.approx(sharp(text()), abs=0.1)


def test_grain_alone_is_no_text_to_judge_by() -> None:
    assert judged(text(lines=0)) == Sharpness(None, None)
    assert judged(text(lines=0, grain=8)) == Sharpness(None, None)


def test_the_sharp_rim_of_a_black_surround_does_not_hide_a_blur() -> None:
    page = defocused(text(), 2.0)
    around = Image.new("L", (page.width + 200, page.height + 200), 5)
    around.paste(page, (100, 100))
    assert sharp(around) < LEGAL.least_sharpness


@pytest.mark.parametrize("size", [(1, 1), (40, 900), (200, 60), (129, 127)])
def test_a_page_of_any_size_can_be_asked(size: tuple[int, int]) -> None:
    stripes = Image.fromarray((np.indices(size[::-1]).sum(axis=0) // 5 % 2 * 200).astype(np.uint8))
    judged(stripes)
