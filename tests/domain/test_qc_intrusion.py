"""Fingers and clips at the edge of a page, and what is none, on pages drawn in the test."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.qc.intruding import SKINS, SOUND
from services.qc.domain.profile import Profile
from shared.imaging.measuring import Page
from shared.imaging.measuring.intrusion import Intrusion, intrusion_of
from tests.hostile import page

LIMIT = Profile.load("tt05-2025").most_intrusion_probability
SIZE = 1240, 1754


def found(image: Image.Image) -> Intrusion:
    """Look at a page."""
    return intrusion_of(Page(image, 150))


def fingered(skin: tuple[int, int, int], turns: int = 0) -> Image.Image:
    """Let a fingertip, darker towards its sides, reach over the left edge."""
    held = page(*SIZE)
    pen = ImageDraw.Draw(held)
    for step in range(45):
        shade = 0.7 + 0.3 * step / 45
        colour = tuple(round(shade * tone) for tone in skin)
        pen.rounded_rectangle((-80, 800 + step // 2, 110 - step // 2, 890 - step // 2), 44 - step // 2, fill=colour)
    return held.rotate(90 * turns, expand=True)


@pytest.mark.parametrize("skin", SKINS[1:])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_finger_of_any_tone_is_found_at_any_edge(skin: tuple[int, int, int], turns: int) -> None:
    assert found(fingered(skin, turns)).probability > LIMIT


def test_a_finger_is_told_with_its_place() -> None:
    part = found(fingered(SKINS[2])).part
    assert part is not None
    assert part == pytest.approx((0, 800 / 1754, 110 / 1240, 890 / 1754), abs=0.02)


def test_a_shining_clip_is_found_and_an_even_torn_edge_of_its_shape_is_not() -> None:
    clipped, torn = page(*SIZE), page(*SIZE)
    for row in range(90):
        tone = 120 + round(70 * np.exp(-(((row - 40) / 14) ** 2)))
        ImageDraw.Draw(clipped).line((500, row, 680, row), fill=(tone, tone, tone + 4))
    ImageDraw.Draw(torn).rectangle((500, 0, 680, 90), fill=(120, 120, 124))
    assert found(clipped).probability > LIMIT
    assert found(torn).probability <= LIMIT


@pytest.mark.parametrize("kind", SOUND)
def test_what_lies_at_edges_by_right_is_neither_finger_nor_clip(kind: str) -> None:
    pixels = np.asarray(page(*SIZE))
    for seed in range(3):
        changed = SOUND[kind](pixels, np.random.default_rng(seed))
        assert found(Image.fromarray(np.ascontiguousarray(changed))).probability <= LIMIT


def test_a_page_in_grey_has_neither() -> None:
    assert found(fingered(SKINS[2]).convert("L")) == Intrusion(0.0, None)
