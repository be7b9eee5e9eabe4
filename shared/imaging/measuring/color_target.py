"""Does a colour target lie beside the page: patches of one size and many colours in a straight row?"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measurement import Part
from shared.imaging.measuring.border import STEP
from shared.imaging.measuring.page import Page, Pixels

SATURATED = 60  # tones between the strongest and the weakest channel, the paper being white
ALIKE = 40  # tones in each channel by which a patch may differ from its middle
SEEDS = 80  # of patches; the calmest places are tried first
LEAST_SIDE, MOST_SIDE = 2.5, 40.0  # millimetres: from those beside a ruler to those of a large separation guide
SLIM = 6.0  # times as long as wide
FILLED = 0.6  # of its box, as a slightly turned rectangle does and few other things
LEAST_PATCHES, LEAST_HUES = 4, 3
GAP = 3  # places of the row: neutral patches lie between the coloured ones
EVEN, SAME = 0.2, 0.25  # by how much of its size a patch may lie off its place, or be larger


@dataclass(frozen=True, slots=True)
class Patch:
    """An evenly coloured patch: its box and its hue in twelfths of the circle."""

    left: int
    top: int
    width: int
    height: int
    hue: int


def color_target_of(page: Page) -> Part | None:
    """Say where coloured patches lie in a row, with a place for a neutral one at either end; None where none do."""
    if page.reduced.mode == "L":
        return None
    patches = list(patches_of(page))
    across = np.array([(p.left, p.top, p.width, p.height, p.hue) for p in patches], np.float64).reshape(-1, 5)
    height, width = page.small.shape[:2]
    for way in ((0, 1, 2, 3, 4), (1, 0, 3, 2, 4)):
        row = row_in(across[:, way])
        if row is not None:
            left, top, wide, high = row[:, way].T[:4]
            more = np.max([wide, high], axis=1) * ((1.0, 0.5) if way[0] == 0 else (0.5, 1.0))
            right, bottom = float((left + wide).max() + more[0]), float((top + high).max() + more[1])
            left_most, top_most = float(left.min() - more[0]), float(top.min() - more[1])
            return (
                share_of(left_most, width),
                share_of(top_most, height),
                share_of(right, width),
                share_of(bottom, height),
            )
    return None


def share_of(place: float, side: int) -> float:
    """Give a place as a share of a side."""
    return round(min(1.0, max(0.0, place / side)), 3)


def patches_of(page: Page) -> Iterator[Patch]:
    """Find what is coloured evenly and has a patch's size and shape, in a small image of the page."""
    small = cv2.LUT(page.small, whitening(page)).astype(np.uint8, copy=False)
    red, green, blue = cv2.split(small)
    strongest, weakest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    coloured = cv2.subtract(strongest, weakest)
    _, mask = cv2.threshold(coloured, SATURATED, 255, cv2.THRESH_BINARY)
    millimetre = page.millimetre / STEP
    if cv2.countNonZero(mask) < LEAST_PATCHES * (LEAST_SIDE * millimetre) ** 2 / SLIM:
        return
    steps = cv2.split(cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)))
    rough = np.asarray(cv2.max(cv2.max(steps[0], steps[1]), steps[2]), np.uint8)
    calm = cv2.bitwise_and(cv2.erode(mask, np.ones((2, 2), np.uint8)), cv2.inRange(rough, 0, ALIKE))
    places = np.flatnonzero(calm)  # which the strokes of a stamp or a coloured pen hardly are
    taken = cv2.copyMakeBorder(cv2.bitwise_not(mask), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    hues = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[..., 0]
    seeds = 0
    for place in places[np.argsort(rough.ravel()[places], kind="stable")]:
        y, x = divmod(int(place), mask.shape[1])
        if taken[y + 1, x + 1]:
            continue
        seeds += 1
        if seeds > SEEDS:
            return
        area, _, _, (left, top, width, height) = cv2.floodFill(small, taken, (x, y), 0, *(((ALIKE,) * 3,) * 2), FLAGS)
        longer, shorter = max(width, height), min(width, height)
        is_patch = LEAST_SIDE * millimetre <= longer <= MOST_SIDE * millimetre and 2 <= shorter >= longer / SLIM
        if is_patch and area >= FILLED * width * height:
            yield Patch(left, top, width, height, int(hues[y, x]) // 15)


def whitening(page: Page) -> Pixels:
    """Give the table that makes the paper white in each channel, so that yellow paper has no colour."""
    mask = page.paper.mask[: page.small.shape[0], : page.small.shape[1]].astype(np.uint8)
    tables = []
    for channel in cv2.split(page.small):
        counts = np.cumsum(cv2.calcHist([channel], [0], mask, [256], [0, 256]).ravel())
        white = max(40, int(np.searchsorted(counts, counts[-1] / 2)))
        tables.append(np.clip(np.arange(256) * (220 / white), 0, 255))
    return np.asarray(np.stack(tables, axis=-1)[None], np.uint8)


def row_in(patches: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Give patches of several hues that follow one another at even distances, enough of them; columns: along first."""
    rows = (row_of(in_line_with(patch, patches)) for patch in patches)
    return max((row for row in rows if row is not None), key=len, default=None)


def in_line_with(patch: NDArray[np.float64], patches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the patches of the same size at the same height, in their order."""
    off = np.abs(patches - patch)
    alike = (off[:, 1] <= EVEN * patch[3] + 1) & (off[:, 3] <= SAME * patch[3] + 1) & (off[:, 2] <= SAME * patch[2] + 1)
    found = patches[alike]
    ordered: NDArray[np.float64] = found[np.argsort(found[:, 0])]
    return ordered


def row_of(patches: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Give those patches in line that stand evenly, with room for a neutral one between two."""
    if len(patches) < LEAST_PATCHES:
        return None
    steps = np.diff(patches[:, 0] + patches[:, 2] / 2)
    pitch = float(np.median(steps[steps < 1.5 * steps.min()]))
    places = steps / max(pitch, 1)
    slack = EVEN + 1 / max(pitch, 1)
    is_even = (np.abs(places - np.round(places)) <= slack) & (places < GAP + 0.5)
    is_even &= pitch >= 0.8 * float(np.median(patches[:, 2]))
    for row in np.split(patches, np.flatnonzero(~is_even) + 1):
        if len(row) >= LEAST_PATCHES and hues_in(row) >= LEAST_HUES:
            return row
    return None


def hues_in(row: NDArray[np.float64]) -> int:
    """Count the hues that lie at least a twelfth of the circle and a bit apart."""
    found = sorted(set(row[:, 4].astype(int)))
    gaps = np.diff([*found, found[0] + 12])
    return int(np.count_nonzero(gaps > 1))


FLAGS = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
