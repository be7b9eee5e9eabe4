"""Pages with a colour target laid beside the text against the same pages as they are."""

from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image

from bench.qc.pages import Sound
from bench.qc.sheets import Dice, Sheet, millimetre
from shared.imaging.measuring.color_target import color_target_of
from shared.imaging.measuring.light import light_of
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.tone import tones_of

COLOURS = ((20, 140, 200), (0, 150, 80), (240, 220, 30), (205, 60, 45), (215, 40, 130), (60, 50, 140), (235, 130, 35))
NEUTRALS = (245, 200, 160, 120, 85, 52, 25)


def measure_color_target(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give how many targets are found, and how far other measures move when one is laid down."""
    moved: list[tuple[float, ...]] = []
    found = flagged = count = 0
    named = []
    for place, page in enumerate(pages):
        reduced = Page(page.image, page.dpi)
        if reduced.reduced.mode == "L":
            continue
        dice, count = np.random.default_rng((seed, place)), count + 1
        if color_target_of(reduced):
            flagged += 1
            named.append(page.name)
        beside = Page(Image.fromarray(with_target(np.asarray(reduced.reduced), dice)), reduced.dpi)
        found += color_target_of(beside) is not None
        moved.append(tuple(abs(a - b) for a, b in zip(others(reduced), others(beside), strict=True)))
    if not count:
        yield "No page in colour."
        return
    yield f"Found {found} of {count} targets; of the pages as they are {flagged} have one: {', '.join(named) or 'none'}"
    yield ""
    yield "| what a target changes | at the median | at most |"
    yield "|---|---|---|"
    for name, each in zip(OTHERS, np.array(moved).T, strict=True):
        yield f"| {name} | {np.median(each):.4f} | {each.max():.4f} |"


OTHERS = ("overexposed", "underexposed", "colour cast", "uneven light", "border share")


def others(page: Page) -> tuple[float, ...]:
    """Give the measures that a target might spoil."""
    tones, light, paper = tones_of(page), light_of(page, color_target_of(page)), page.paper
    return (
        tones.overexposed_probability,
        tones.underexposed_probability,
        light.colour_cast,
        light.uneven_light,
        paper.border_share,
    )


def with_target(page: Sheet, dice: Dice) -> Sheet:
    """Lay a strip of patches along a side: in one row or with neutral ones between, touching or apart."""
    turns = int(dice.integers(4))
    turned = np.rot90(page, turns).copy()
    mm = millimetre(page)
    side, gap = float(dice.uniform(4, 14)) * mm, float(dice.choice((0.0, 0.15)))
    shades: list[tuple[int, ...]] = [COLOURS[place] for place in dice.permutation(len(COLOURS))]
    if dice.random() < 0.5:
        shades = [each for pair in zip(shades, [(tone,) * 3 for tone in NEUTRALS], strict=True) for each in pair]
    side = min(side, 0.9 * turned.shape[1] / len(shades))
    tall = side * float(dice.uniform(0.6, 1.6))
    left, top = (turned.shape[1] - side * len(shades)) * float(dice.uniform(0, 1)), float(dice.uniform(0.5, 6)) * mm
    end = (int(left + side * len(shades)), int(top + tall))
    cv2.rectangle(turned, (int(left), int(top)), end, (15, 15, 15), -1)
    for number, shade in enumerate(shades):
        start = left + side * (number + gap / 2)
        corners = (int(start), int(top + gap * tall / 2)), (int(start + side * (1 - gap)) - 1, int(top + tall) - 1)
        cv2.rectangle(turned, *corners, shade, -1)
    return np.ascontiguousarray(np.rot90(turned, -turns))
