"""Pages cropped through their text against whole pages, some of which have much at their edges."""

from collections.abc import Callable, Iterator
from itertools import chain

import cv2
import numpy as np
from PIL import Image

from bench.qc.curves import auc
from bench.qc.pages import Sound
from bench.qc.sheets import Darkness as Ink
from bench.qc.sheets import (
    Dice,
    Sheet,
    blank_of,
    blurred,
    bordered,
    darkness_of,
    drawing_on,
    dusty,
    inked,
    millimetre,
    stained,
)
from shared.imaging.measuring import Page
from shared.imaging.measuring.cut import cut_probability_of

Change = Callable[[Sheet, Ink, Dice], Sheet]


def through_words(page: Sheet, ink: Ink, dice: Dice) -> Sheet:
    """Crop the left or right side away, up to a third of the text."""
    turns = int(dice.choice((1, 3)))
    return np.rot90(above_cut(np.rot90(page, turns), np.rot90(ink, turns), dice, 30), -turns)


def through_lines(page: Sheet, ink: Ink, dice: Dice) -> Sheet:
    """Crop the head or the foot away, through the middle of a line."""
    turns = int(dice.choice((0, 2)))
    return np.rot90(above_cut(np.rot90(page, turns), np.rot90(ink, turns), dice, 60), -turns)


def above_cut(page: Sheet, ink: Ink, dice: Dice, least: float) -> Sheet:
    """Crop at a row within the first third of the text, one of those that go through the most strokes."""
    dark = ink > 0.25
    strokes = np.count_nonzero(dark[:, 1:] & ~dark[:, :-1], axis=1)
    rows = np.flatnonzero(strokes > 0.15 * np.percentile(strokes, 95))
    within = rows[rows <= np.percentile(rows, 35)]
    return page[int(dice.choice(within[strokes[within] >= max(3, np.percentile(strokes[within], least))])) :]


def tight(page: Sheet, ink: Ink, dice: Dice) -> Sheet:
    """Crop all margins to a millimetre or three, where there is nothing in them."""
    mm, dark = millimetre(page), ink > 0.15
    rows, columns = (np.flatnonzero(dark.sum(axis=axis) > 1) for axis in (1, 0))
    spare = (dice.uniform(1, 3, 4) * mm).astype(int)
    top, bottom = max(0, rows[0] - spare[0]), rows[-1] + spare[1]
    left, right = max(0, columns[0] - spare[2]), columns[-1] + spare[3]
    return page[top:bottom, left:right]


def ruled_to_the_edge(page: Sheet, _ink: Ink, dice: Dice) -> Sheet:
    """Rule a table over the whole page."""
    dark, mm = drawing_on(page), millimetre(page)
    thick = max(1, round(float(dice.uniform(0.15, 0.5)) * mm))
    for _ in range(int(dice.integers(2, 9))):
        x, slant = int(dice.integers(dark.shape[1])), int(dice.normal(0, 2 * mm))
        cv2.line(dark, (x, 0), (x + slant, dark.shape[0]), 200, thick, cv2.LINE_AA)
    for _ in range(int(dice.integers(2, 20))):
        y, slant = int(dice.integers(dark.shape[0])), int(dice.normal(0, 2 * mm))
        cv2.line(dark, (0, y), (dark.shape[1], y + slant), 200, thick, cv2.LINE_AA)
    return inked(page, dark.astype(np.float32) / 255)


def shaded_edges(page: Sheet, _ink: Ink, dice: Dice) -> Sheet:
    """Let shadows and stains lie along the edges."""
    dark, mm = blank_of(page), millimetre(page)
    for _ in range(int(dice.integers(3, 12))):
        place = [int(v) for v in dice.uniform(0, 1, 2) * dark.shape[::-1]]
        place[int(dice.integers(2))] *= 0
        axes = (int(dice.uniform(1, 12) * mm), int(dice.uniform(1, 12) * mm))
        cv2.ellipse(dark, place, axes, float(dice.uniform(0, 180)), 0, 360, float(dice.uniform(0.1, 0.5)), -1)
    dark = blurred(dark, float(dice.uniform(0.3, 1.5) * mm))
    shadow = np.exp(-np.arange(dark.shape[1]) / (dice.uniform(1, 6) * mm)) * dice.uniform(0.1, 0.7)
    return inked(np.rot90(page, 2), np.maximum(dark, shadow[None].astype(np.float32)), (0.8, 0.9, 1.0))


WHOLE: dict[str, Change] = {
    "as it is": lambda page, _ink, _dice: page,
    "black border": lambda page, _ink, dice: bordered(page, dice),
    "tight margins": tight,
    "rules to the edge": ruled_to_the_edge,
    "shadows and stains at the edge": shaded_edges,
    "dust, folds, foxing": lambda page, _ink, dice: dusty(stained(page, dice), dice),
}
CUT: dict[str, Change] = {"through words": through_words, "through lines": through_lines}


def measure_cut(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give the probability of being cut by what was done to the pages, and how well it tells them apart."""
    scores: dict[str, list[float]] = {name: [] for name in (*WHOLE, *CUT)}
    for place, page in enumerate(pages):
        reduced = Page(page.image, page.dpi)
        for name, image in cases(reduced.reduced, np.random.default_rng((seed, place))):
            scores[name].append(cut_probability_of(Page(image, reduced.dpi)))
    whole, cut = (list(chain(*(scores[name] for name in names))) for names in (WHOLE, CUT))
    yield f"AUC {auc(cut, whole):.4f} over {len(cut)} cut and {len(whole)} whole pages"
    yield ""
    yield "| page | probability of being cut: median | most | AUC against the others |"
    yield "|---|---|---|---|"
    for name, each in scores.items():
        area = auc(cut, each) if name in WHOLE else auc(each, whole)
        kind = "whole" if name in WHOLE else "cut"
        yield f"| {kind}: {name} | {np.median(each):.3f} | {max(each):.3f} | {area:.4f} |"


def cases(page: Image.Image, dice: Dice) -> Iterator[tuple[str, Image.Image]]:
    """Make every variant of a page, at the size at which the measures look at it."""
    pixels, ink = np.asarray(page), darkness_of(page)
    for name, change in (*WHOLE.items(), *CUT.items()):
        yield name, Image.fromarray(np.ascontiguousarray(change(pixels, ink, dice)))
