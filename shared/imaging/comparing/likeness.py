"""How alike two pages are: two scans of one sheet, or two sheets that share a form or a text?

Two scans of a sheet agree everywhere, up to their grain. Two sheets of a form agree but for some places, each at least
as large as a word. So what tells is not how much of the ink meets but the place where it meets worst.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.layout import Layout, Map
from shared.imaging.comparing.registration import Turn, finer, laid, registered

STRAIGHT = 17  # cells: what is the same over so many, across or down, is a rule, a fold or an edge, and tells nothing
WINDOW = (9, 5)  # pairs of cells, about 14 by 8 mm: a word or two; every other window is looked at, both ways
PLACE = (7, 3)  # windows: one alone may be poor by chance, so many side by side are not
RIM = 21  # cells at the rim of each image: lids, cut edges and neighbouring pages differ from scan to scan
WRITTEN = 0.004  # mean square in a window that holds ink
FAINT = 0.002
LEAST_WINDOWS = 300  # about six square centimetres of writing: with less there is nothing to know a page by
LEAST_TYPICAL = 0.4
TOLERATED, STEEP = 0.39, 25.0  # two scans meet in their worst place at 0.4 to 0.7, a word that differs at 0.3 or less
STRONG, GONE = 0.5, 0.05  # of the typical ink, and of the ink of the other page
SPECK, BARE_WEIGHT = 30, 0.006  # windows side by side without ink on one page: stains are smaller, words larger

CERTAIN = 0.9
WELL_LAID = 0.6  # typical match: pages whose ink meets as well as this are laid rightly, be they one or not

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Meeting:
    """How the ink of two pages meets where they overlap, in windows, from 0 to 1.

    `typical` of all places that both have ink in, `worst` of any of them; `bare` is the largest number of windows side
    by side with clear ink on one page and none on the other.
    """

    typical: float
    worst: float
    bare: int

    @property
    def likeness(self) -> float:
        """Say how likely it is that the two are one sheet, 0 to 1."""
        if self.typical < LEAST_TYPICAL:
            return 0.0
        odds = STEEP * (self.worst - TOLERATED - BARE_WEIGHT * max(0, self.bare - SPECK))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def likeness_of(one: Layout, other: Layout, frames: Iterable[tuple[int, int]]) -> float:
    """Say how alike two pages are, 0 to 1, laid over each other where one of `frames` meets; a sense is -1 or 1."""
    best = 0.0
    for frame, sense in frames:
        meeting = meeting_of(one, other, frame, sense)
        best = max(best, meeting.likeness if meeting else 0.0)
        if best > CERTAIN or (meeting and meeting.typical > WELL_LAID):
            break  # the other frames would lay them in the same way
    return round(best, 4)


def meeting_of(one: Layout, other: Layout, frame: int, sense: int) -> Meeting | None:
    """Lay a page over another, beginning where their frames meet, and see how their ink does; None if it does not."""
    turn = registered(one, other, frame, sense)
    return None if turn is None else met(one.fine, other.fine, finer(turn, one, other))


def met(ink: Map, other: Map, turn: Turn) -> Meeting | None:
    """See how the ink of two pages meets; None when there is too little of it."""
    match, here, there = matches(detail(ink), detail(laid(other, turn, ink)))
    inside = overlap(ink, other, turn)[: 2 * len(match) : 2, : 2 * match.shape[1] : 2]
    least, most = np.minimum(here, there), np.maximum(here, there)
    both = inside & (least > WRITTEN)
    if int(np.count_nonzero(both)) < LEAST_WINDOWS:
        return None
    strength = float(np.median(np.sqrt(here[both] * there[both])))
    gone = inside & (most > STRONG * strength) & (least < GONE * most)
    return Meeting(float(np.median(match[both])), worst_place(match, both), largest(gone))


def detail(ink: Map) -> Map:
    """Leave out what is the same along a line across or down: rules, folds, edges of paper, and the run of a line."""
    across, down = cv2.blur(ink, (STRAIGHT, 1)), cv2.blur(ink, (1, STRAIGHT))
    return np.asarray(ink - across - down + cv2.blur(across, (1, STRAIGHT)), np.float32)


def matches(ink: Map, over: Map) -> tuple[Map, Map, Map]:
    """Correlate windows of two pages, each moved by up to a cell; with it how much ink is in each, here and there."""
    height, width = (side // 2 * 2 for side in ink.shape)
    ink, over = ink[:height, :width], over[:height, :width]
    wider = cv2.copyMakeBorder(over, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    here, there = (np.maximum(mean(cells * cells), 0) for cells in (ink, over))  # sums that slide may end below none
    product = mean(ink * over)
    for down in range(3):
        for across in range(3):
            moved = np.asarray(wider[down : down + height, across : across + width], np.float32)
            product = np.maximum(product, mean(ink * moved))
    return product / (np.sqrt(here * there) + np.float32(FAINT)), here, there


def mean(cells: Map) -> Map:
    """Give the mean of every other window."""
    height, width = cells.shape
    halved = cv2.resize(cells, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.boxFilter(halved, cv2.CV_32F, WINDOW, borderType=cv2.BORDER_CONSTANT), np.float32)


def worst_place(match: Map, both: Mask) -> float:
    """Give the least mean match of windows side by side, all of which both pages have ink in."""
    whole = cv2.boxFilter(both.astype(np.float32), cv2.CV_32F, PLACE, borderType=cv2.BORDER_CONSTANT)
    means = cv2.boxFilter(np.where(both, match, np.float32(0)), cv2.CV_32F, PLACE, borderType=cv2.BORDER_CONSTANT)
    full = whole > 0.9
    return float((means[full] / whole[full]).min()) if full.any() else 0.0


def largest(marked: Mask) -> int:
    """Count the windows of the largest patch of marked ones."""
    count, _, parts, _ = cv2.connectedComponentsWithStats(marked.astype(np.uint8), connectivity=4)
    return int(parts[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0


def overlap(ink: Map, other: Map, turn: Turn) -> Mask:
    """Mark what both pages show, away from the rim of either."""
    whole = np.zeros(other.shape, np.float32)
    whole[RIM:-RIM, RIM:-RIM] = 1
    inside = laid(whole, turn, ink) > 0.5
    inside[:RIM], inside[-RIM:], inside[:, :RIM], inside[:, -RIM:] = False, False, False, False
    return np.asarray(inside)
