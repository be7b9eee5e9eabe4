"""Blank pages and pages with next to nothing on them, drawn on paper of our own."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from services.qc.domain.profile import Profile
from shared.imaging.measuring import Page
from shared.imaging.measuring.blank import emptiness_of

LIMIT = Profile.load("tt05-2025").most_blank_probability
MM = 1754 / 297
Sheet = NDArray[np.uint8]


def sheet(tone: int = 225, grain: float = 3.0) -> Sheet:
    """Make an empty sheet of grainy paper, lit a little from one side."""
    noise = np.random.default_rng(7).normal(0, grain, (1754, 1240))
    light = np.linspace(1, 0.88, 1240)
    return np.clip(tone * light + noise, 0, 255).astype(np.uint8)


def marked(paper: Sheet, drawn: Image.Image, darkness: float, blur: float = 0.6) -> Sheet:
    """Put what is drawn in white on black on a sheet."""
    ink = cv2.GaussianBlur(np.asarray(drawn, np.float32) / 255, (0, 0), blur)
    return np.clip(paper * (1 - darkness * ink), 0, 255).astype(np.uint8)


def written(lines: int, size: float = 3.0) -> Image.Image:
    """Write lines, in white on black."""
    image = Image.new("L", (1240, 1754))
    pen = ImageDraw.Draw(image)
    for line in range(lines):
        text = "Kinh gui Uy ban hanh chinh tinh ve viec luu tru ho so"
        pen.text((150, 200 + 50 * line), text, 255, ImageFont.load_default(size * 1.4 * MM))
    return image


def blank(paper: Sheet) -> float:
    """Measure how likely a sheet is blank."""
    return emptiness_of(Page(Image.fromarray(paper))).blank_probability


def test_an_empty_sheet_is_blank_with_dust_holes_a_fold_and_a_black_border() -> None:
    dice = np.random.default_rng(1)
    dirt = Image.new("L", (1240, 1754))
    pen = ImageDraw.Draw(dirt)
    for x, y in dice.uniform((0, 0), (1240, 1754), (150, 2)):
        pen.ellipse((x - 2, y - 2, x + 2, y + 2), fill=200)
    for y in (650, 1100):
        pen.ellipse((60, y, 96, y + 36), fill=230)
    dirty = marked(sheet(), dirt, 0.8)
    fold = Image.new("L", (1240, 1754))
    ImageDraw.Draw(fold).line((0, 870, 1240, 880), fill=255, width=2)
    dirty = marked(dirty, fold, 0.25, blur=2)
    dirty[:, :25] = 8
    assert blank(dirty) > LIMIT


def test_the_other_side_shining_through_leaves_a_sheet_blank() -> None:
    mirrored = written(20).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert blank(marked(sheet(), mirrored, 0.3, blur=2.5)) > LIMIT


@pytest.mark.parametrize("tone", [90, 160, 245])
@pytest.mark.parametrize("darkness", [0.35, 0.8])
def test_a_single_line_is_never_blank_on_dark_or_light_paper_faded_or_not(tone: int, darkness: float) -> None:
    assert blank(marked(sheet(tone), written(1), darkness)) < 0.1


def test_a_faint_line_in_pencil_is_never_blank() -> None:
    assert blank(marked(sheet(), written(1), 0.25)) < LIMIT


def test_a_line_is_seen_through_the_dirt_and_the_other_side() -> None:
    mirrored = written(20).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert blank(marked(marked(sheet(), mirrored, 0.3, blur=2.5), written(1), 0.7)) < 0.1


def test_a_page_number_and_a_signature_are_never_blank() -> None:
    image = Image.new("L", (1240, 1754))
    pen = ImageDraw.Draw(image)
    pen.text((610, 60), "12", 255, ImageFont.load_default(4 * MM))
    swing = [(700 + 4 * step, 1400 + 30 * np.sin(step * 0.9)) for step in range(50)]
    pen.line(swing, fill=255, width=3)
    assert blank(marked(sheet(), image, 0.6)) < LIMIT


@pytest.mark.parametrize("text", ["353", "478", "Mat", "Het"])
@pytest.mark.parametrize("darkness", [0.35, 0.8])
def test_a_short_word_alone_is_never_blank_among_dust_or_before_the_other_side(text: str, darkness: float) -> None:
    image = Image.new("L", (1240, 1754))
    ImageDraw.Draw(image).text((900, 120), text, 255, ImageFont.load_default(3.5 * 1.4 * MM))
    dust = Image.new("L", (1240, 1754))
    for x, y in np.random.default_rng(5).uniform((30, 30), (1210, 1720), (80, 2)):
        ImageDraw.Draw(dust).ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=220)
    mirrored = written(20).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert blank(marked(marked(sheet(), dust, 0.7), image, darkness)) < LIMIT
    assert blank(marked(marked(sheet(), mirrored, 0.25, blur=2.5), image, max(0.5, darkness))) < LIMIT


@pytest.mark.parametrize("grain", [2.0, 6.0])
def test_a_page_that_faded_is_not_blank_however_grainy_its_paper(grain: float) -> None:
    assert blank(marked(sheet(grain=grain), written(20), 0.36)) < 0.1


def test_hairs_are_no_writing_however_they_bend() -> None:
    hairs = Image.new("L", (1240, 1754))
    for x, y, turn in ((200, 300, 10), (700, 500, 100), (300, 1200, 200), (900, 1500, 290)):
        ImageDraw.Draw(hairs).arc((x - 25, y - 25, x + 25, y + 25), turn, turn + 150, fill=200)
    assert blank(marked(sheet(), hairs, 0.6)) > LIMIT


def test_a_round_stamp_is_never_blank() -> None:
    image = Image.new("L", (1240, 1754))
    for radius in (60, 100, 108):
        ImageDraw.Draw(image).ellipse((600 - radius, 900 - radius, 600 + radius, 900 + radius), outline=255, width=3)
    assert blank(marked(sheet(), image, 0.4)) < LIMIT


def test_a_bitonal_sheet_with_specks_is_blank_and_with_a_line_it_is_not() -> None:
    dice = np.random.default_rng(3)
    paper = np.full((1754, 1240), 255, np.uint8)
    for x, y in dice.integers((5, 5), (1230, 1740), (200, 2)):
        paper[y : y + 2, x : x + 2] = 0
    assert blank(paper) > LIMIT
    assert blank(np.where(np.asarray(written(1)) > 128, 0, paper).astype(np.uint8)) < 0.1


def test_ink_share_counts_what_is_darker_than_the_paper_and_no_border() -> None:
    paper = sheet()
    paper[800:830, 400:500] = 30
    paper[:40] = 5
    found = emptiness_of(Page(Image.fromarray(paper))).ink_share
    assert found == pytest.approx(30 * 100 / paper.size, rel=0.15)


@pytest.mark.parametrize("softness", [2, 6, 15, None])
def test_a_photograph_or_a_black_field_is_never_blank(softness: int | None) -> None:
    paper = sheet()
    cloud = np.random.default_rng(2).normal(0, 1, (480, 600))
    if softness is not None:
        cloud = np.asarray(cv2.GaussianBlur(cloud, (0, 0), softness), np.float64)
    tones = 30 + 180 * (cloud - cloud.min()) / np.ptp(cloud)
    paper[500:980, 300:900] = 40 if softness is None else tones.astype(np.uint8)
    assert blank(paper) < LIMIT


def test_white_writing_on_black_is_writing_and_black_alone_is_blank() -> None:
    dark = sheet(18, 4.0)
    photostat = np.clip(dark + 0.8 * np.asarray(written(12), np.float32), 0, 255).astype(np.uint8)
    assert emptiness_of(Page(Image.fromarray(photostat), 150)).blank_probability < LIMIT / 2
    assert emptiness_of(Page(Image.fromarray(dark), 150)).blank_probability > LIMIT
