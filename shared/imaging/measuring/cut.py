"""Is text cut off at an edge of the image?"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.ink import PAPER
from shared.imaging.measuring.page import Page, Pixels

DEPTH = 4.0  # millimetres that are looked at along an edge: a letter, or enough of a rule to see that it is one
TOUCHING = 2  # pixels: resampling and compression smear the outermost
RULE = 8.0  # millimetres: a run of ink along the edge that is no letter's
DARKER = 0.15
ABOVE_GRAIN = 5.0
SOME = 3.0  # strokes cut: as many are as likely cut text as not


@dataclass(frozen=True, slots=True)
class Edge:
    """A strip along an edge of the image, its first row outermost; `paper` says where it is paper that ends there."""

    tones: NDArray[np.uint8]
    paper: NDArray[np.bool_]


def cut_probability_of(page: Page) -> float:
    """Give the probability, 0 to 1, that content goes on beyond an edge."""
    darkest = PAPER - max(DARKER * PAPER, ABOVE_GRAIN * page.tones.grain)
    strokes = max(strokes_cut(edge, darkest, page.millimetre) for edge in edges_of(page))
    return round(1 - math.exp(-strokes / SOME), 4)


def edges_of(page: Page) -> Iterator[Edge]:
    """Give the four edges, each turned to lie at the top."""
    deep = max(8, round(DEPTH * page.millimetre))
    for turns in range(4):
        turned: Pixels = np.rot90(page.tones.tones, turns)
        strip = np.ascontiguousarray(turned[:deep])
        ends = np.asarray(np.rot90(page.paper.mask, turns)[:2].all(axis=0), np.uint8).reshape(1, -1)
        paper = np.asarray(cv2.resize(ends, (strip.shape[1], 1), interpolation=cv2.INTER_NEAREST)).ravel() == 1
        yield Edge(strip, paper)


def strokes_cut(edge: Edge, darkest: float, mm: float) -> float:
    """Count the strokes that end at an edge as if they had been cut, each by how sharp it is."""
    ink = (edge.tones < darkest).astype(np.uint8)
    along = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(3, round(RULE * mm))), np.uint8))
    ink = cv2.subtract(ink, along).astype(np.uint8, copy=False)
    if not (ink[:TOUCHING].max(axis=0) * edge.paper).any():
        return 0.0  # a margin, as nearly always: no need to tell strokes apart
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    touching = labels[:TOUCHING].max(axis=0) * edge.paper
    of, counts = np.unique(touching[touching > 0], return_counts=True)
    starts = np.bincount(touching[np.flatnonzero(np.diff(touching, prepend=0))])
    if not len(of):
        return 0.0
    outline = cv2.erode(ink, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1) < ink
    steps = cv2.morphologyEx(edge.tones, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    grain = float(np.median(steps))
    total = 0.0
    for label, touch in zip(of, counts, strict=True):
        x, y, width, height, area = (int(each) for each in boxes[label])
        box = slice(y, y + height), slice(x, x + width)
        own = labels[box] == label
        around = own & outline[box]
        contrast = PAPER - float(edge.tones[box][own].mean())
        length = max(1.0, float(around.sum())) / 2
        step = float(steps[box][around].mean()) - grain if around.any() else 0.0
        meets_rule = bool(along[y + height : y + height + 2, x : x + width].any())
        deep = height if meets_rule else len(edge.tones)
        if is_letter(width / mm, height / mm, length / mm, area / mm / mm, touch / mm, deep / mm):
            total += int(starts[label]) * float(
                np.clip((step / contrast - 0.3) / 0.4, 0, 1) * np.clip(contrast / PAPER / 0.3, 0, 1)
            )
    return total


def is_letter(width: float, height: float, length: float, area: float, touch: float, deep: float) -> bool:
    """Tell letters from specks, frayed borders, rules that run to the edge, and blots; all in millimetres."""
    across = math.hypot(width, height)
    is_speck = height < 0.3 or across < 0.7
    is_frayed = height < 1 and width > 3 * height
    is_rule = height > 0.95 * deep and length < 1.25 * across and (width < 0.5 * height or width < 1)
    is_blot = area / length > 3 or (touch > RULE and touch > 0.6 * width)
    return not (is_speck or is_frayed or is_rule or is_blot)
