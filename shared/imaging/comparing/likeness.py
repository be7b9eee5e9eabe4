"""How alike two pages are: two scans of one sheet, or two sheets that share a form?

Of two scans all ink meets, of two sheets of a form only what is printed: so what tells is where the ink does not meet.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.layout import Layout, Map
from shared.imaging.comparing.registration import Turn, laid, registered

WINDOW = (9, 5)  # pairs of cells: a word or two; every other window is looked at, both ways
RIM = 17  # cells at the rim of each image: lids, cut edges and neighbouring pages differ from scan to scan
WRITTEN = 0.02  # variance in a window that holds ink
BARE = 0.008
LEAST_WINDOWS = 200  # about five centimetres of writing: with less there is nothing to know a page by
FAINT = 0.006
POOR = 0.5
LETTER = 6  # windows, less than those that hold one letter: so few say nothing
LINE, THICK, WIDE = 30, 3, 5  # cells: how long and how thick lines are, and how far their ink reaches
HALF = 0.4
BARE_WEIGHT = 0.35
TOLERATED, STEEP = 0.12, 80.0  # chosen so that letters of one text with other dates and numbers are told apart

CERTAIN = 0.9
WELL_LAID = 0.2  # of the windows are poor: pages whose ink meets as well as this are laid rightly, be they one or not

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Meeting:
    """How the ink of two pages meets where they overlap, window by window.

    `poor` is the share, of windows with ink in both, of those that hardly correlate; `bare` the share of windows with
    ink on one page only.
    """

    poor: float
    bare: float

    @property
    def likeness(self) -> float:
        """Say how likely it is that the two are one sheet, 0 to 1; shares count by their roots, as they spread."""
        odds = STEEP * (TOLERATED - math.sqrt(self.poor) - BARE_WEIGHT * math.sqrt(self.bare))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def likeness_of(one: Layout, other: Layout, frames: Iterable[tuple[int, int]]) -> float:
    """Say how alike two pages are, 0 to 1, laid over each other where one of `frames` meets; a sense is -1 or 1."""
    best = 0.0
    for frame, sense in frames:
        meeting = meeting_of(one, other, frame, sense)
        best = max(best, meeting.likeness if meeting else 0.0)
        if best > CERTAIN or (meeting and meeting.poor < WELL_LAID):
            break  # the other frames would lay them in the same way
    return round(best, 4)


def meeting_of(one: Layout, other: Layout, frame: int, sense: int) -> Meeting | None:
    """Lay a page over another, beginning where their frames meet, and see how their ink does; None if it does not."""
    turn = registered(one, other, frame, sense)
    return None if turn is None else met(one.ink, other.ink, turn)


def met(ink: Map, other: Map, turn: Turn) -> Meeting | None:
    """See how the ink of two pages meets; None when there is too little of it."""
    over = laid(other, turn, ink)
    straight = lines_of(ink) | lines_of(over)
    match, least, most = matches(np.where(straight, np.float32(0), ink), np.where(straight, np.float32(0), over))
    inside = overlap(ink, other, turn)
    inside = inside[: 2 * len(match) : 2, : 2 * match.shape[1] : 2]
    has, both = inside & (most > WRITTEN), inside & (least > WRITTEN)
    count, count_both = int(np.count_nonzero(has)), int(np.count_nonzero(both))
    if count_both < LEAST_WINDOWS:
        return None
    poor = max(0, int(np.count_nonzero(both & (match < POOR))) - LETTER)
    return Meeting(poor / count_both, int(np.count_nonzero(has & (least < BARE))) / count)


def lines_of(ink: Map) -> Mask:
    """Mark thin straight lines: folds, cut edges and rules that were seen in one scan may be missed in another."""
    dark = (ink > HALF).astype(np.uint8)
    across = runs_of(dark, (1, LINE), (THICK, 1))
    down = runs_of(dark, (LINE, 1), (1, THICK))
    return np.asarray(cv2.dilate(across | down, np.ones((WIDE, WIDE), np.uint8)) > 0)


def runs_of(dark: NDArray[np.uint8], run: tuple[int, int], thick: tuple[int, int]) -> NDArray[np.uint8]:
    """Mark runs of the size `run`, where they are not as thick as lines of writing."""
    thin = cv2.subtract(dark, cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(thick, np.uint8)))
    return np.asarray(cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones(run, np.uint8)), np.uint8)


def matches(ink: Map, over: Map) -> tuple[Map, Map, Map]:
    """Correlate windows of two pages, each moved by up to a cell; with it the lesser and the greater variance."""

    height, width = (side // 2 * 2 for side in ink.shape)
    ink, over = ink[:height, :width], over[:height, :width]

    def mean(cells: Map) -> Map:
        halved = cv2.resize(cells, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.boxFilter(halved, cv2.CV_32F, WINDOW, borderType=cv2.BORDER_CONSTANT), np.float32)

    mean_ink, mean_over = mean(ink), mean(over)
    spread = np.maximum(mean(ink * ink) - mean_ink * mean_ink, 0)
    spread_over = np.maximum(mean(over * over) - mean_over * mean_over, 0)
    wider = cv2.copyMakeBorder(over, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    product = mean(ink * over)
    for down in range(3):
        for across in range(3):
            moved = np.asarray(wider[down : down + height, across : across + width], np.float32)
            product = np.maximum(product, mean(ink * moved))
    match = (product - mean_ink * mean_over) / (np.sqrt(spread * spread_over) + FAINT)
    return match, np.minimum(spread, spread_over), np.maximum(spread, spread_over)


def overlap(ink: Map, other: Map, turn: Turn) -> Mask:
    """Mark what both pages show, away from the rim of either."""
    whole = np.zeros(other.shape, np.float32)
    whole[RIM:-RIM, RIM:-RIM] = 1
    inside = laid(whole, turn, ink) > 0.5
    inside[:RIM], inside[-RIM:], inside[:, :RIM], inside[:, -RIM:] = False, False, False, False
    return np.asarray(inside)
