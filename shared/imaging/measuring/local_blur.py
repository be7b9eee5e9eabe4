"""Is a part of the page less sharp than the rest: a curled corner, a fold that rose out of focus?"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measurement import Part
from shared.imaging.measuring.odds import logistic
from shared.imaging.measuring.page import Page, Pixels
from shared.imaging.measuring.passages import edges_of

Floats = NDArray[np.float64]


SIDE = 96  # full pixels: a line or two of text at 300 dpi
LONG, SHORT = 10, 7  # regions along the sides of the page, of each the sample with most edges
NEAR, AROUND = np.ones((3, 3), np.uint8), np.ones((11, 11), np.uint8)  # where an edge rises, and its whole height
RIM = 6  # full pixels of a sample whose surroundings lie outside it
LEAST_CONTRAST = 16  # tones
LEAST_LIGHT = 0.65  # of the paper's own tone; darker is the table beside a photographed book
LEAST_OF_RICHEST = 0.25  # of the contrast of the page's own ink; less is grain, stain or what shines through
ENOUGH_EDGES, ENOUGH_REGIONS = 20, 6
STEEPEST = 0.85  # the sharp edges of a sample, for a soft stamp may lie beside crisp text
USUAL = 0.65  # the sharper half of a page says how sharp its ink is where nothing happened
STEPS = 64
WITHIN_RIM = np.tile(np.pad(np.full((SIDE - 2 * RIM, SIDE - 2 * RIM), 255, np.uint8), RIM), (LONG * SHORT, 1))
ENOUGH_NEIGHBOURS = 3  # of four regions that meet: a pen or a stamp of its own seldom fills three

# Sound pages are even: nine in ten of 77 have no four regions whose edges are less steep than usual by a sixth. Writing
# in photographed books is not even, and what it is uneven by is allowed it. A fifth less is as likely a blur as not.
ALLOWED = 0.04
HALF, DOUBT = 0.25, 0.04


@dataclass(frozen=True, slots=True)
class LocalBlur:
    """`probability` from 0 to 1 that the `part` is blurred beside the rest; both None without text to compare."""

    probability: float | None
    part: Part | None


def local_blur_of(page: Page) -> LocalBlur:
    """Compare the steepness of edges, against each edge's own contrast, between the regions of the page."""
    steepness = regions_of(page)
    softness = usual_of(steepness) - steepness
    known = softness[~np.isnan(softness)]
    if len(known) < ENOUGH_REGIONS:
        return LocalBlur(None, None)
    quads = softest_of(softness)
    softest = float(quads.max(initial=0.0))
    uneven = 1.4826 * float(np.median(np.abs(known - np.median(known))))
    excess = softest - max(0.0, uneven - ALLOWED)
    part = part_of(softness, quads) if softest > 0 else None
    return LocalBlur(round(logistic((excess - HALF) / DOUBT), 4), part)


def usual_of(steepness: Floats) -> float:
    """Give how steep the edges of the page are as a rule."""
    known = steepness[~np.isnan(steepness)]
    return float(np.percentile(known, 100 * USUAL)) if len(known) else 0.0


def softest_of(softness: Floats) -> Floats:
    """Give, for each four regions that meet, how much softer than usual the sharpest of them is."""
    four = np.stack([softness[:-1, :-1], softness[:-1, 1:], softness[1:, :-1], softness[1:, 1:]])
    is_known = ~np.isnan(four)
    least = np.where(is_known, four, np.inf).min(axis=0)
    softest: Floats = np.where(np.count_nonzero(is_known, axis=0) >= ENOUGH_NEIGHBOURS, least, 0.0)
    return softest


def part_of(softness: Floats, quads: Floats) -> Part:
    """Give the box round the regions that are soft together with the softest four."""
    rows, columns = softness.shape
    row, column = divmod(int(quads.argmax()), quads.shape[1])
    soft = np.nan_to_num(softness) > quads.max() / 2
    soft[row : row + 2, column : column + 2] = True
    _, labels = cv2.connectedComponents(soft.astype(np.uint8), connectivity=4)
    down, across = np.nonzero(np.asarray(labels) == labels[row, column])
    box = (across.min() / columns, down.min() / rows, (across.max() + 1) / columns, (down.max() + 1) / rows)
    return tuple(round(float(side), 3) for side in box)  # type: ignore[return-value]  # mypy counts no generators


def regions_of(page: Page) -> Floats:
    """Give the logarithm of how steep the edges are in each region, NaN where none are of the page's own ink."""
    upright = page.reduced.height >= page.reduced.width
    rows, columns = (LONG, SHORT) if upright else (SHORT, LONG)
    regions = np.full((rows, columns), np.nan)
    places = places_of(page, rows, columns)
    if not places:
        return regions
    samples = np.stack([sample_at(page, left, top) for _, _, left, top in places])
    steepness, contrast, counts = steepness_of(samples)
    enough = counts >= ENOUGH_EDGES
    if not enough.any():
        return regions
    light = np.array([lit_at(page, left, top) for _, _, left, top in places])
    richest, lit = float(np.percentile(contrast[enough], 90)), float(np.median(light[enough]))
    for place in np.flatnonzero(enough & (contrast >= LEAST_OF_RICHEST * richest) & (light > LEAST_LIGHT * lit)):
        row, column, _, _ = places[place]
        regions[row, column] = np.log(max(0.02, float(steepness[place])))
    return regions


def places_of(page: Page, rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Give row, column, left and top in full pixels of the sample with most edges in each region that is on paper."""
    side = max(1, SIDE // page.factor)
    richness = edges_of(page, side, 0.0)
    found = []
    for row, down in enumerate(np.array_split(np.arange(richness.shape[0]), rows)):
        for column, across in enumerate(np.array_split(np.arange(richness.shape[1]), columns)):
            part = richness[down[0] : down[-1] + 1, across[0] : across[-1] + 1] if len(down) and len(across) else None
            if part is not None and part.max() >= 0:
                y, x = divmod(int(part.argmax()), part.shape[1])
                full = side * page.factor
                found.append((row, column, int(across[x]) * full, int(down[y]) * full))
    return found


def lit_at(page: Page, left: int, top: int) -> int:
    """Give the tone of the paper in the middle of a sample."""
    light = page.tones.light
    y, x = ((start + SIDE // 2) // page.factor for start in (top, left))
    return int(light[min(y, light.shape[0] - 1), min(x, light.shape[1] - 1)])


def sample_at(page: Page, left: int, top: int) -> Pixels:
    """Cut a sample out, SIDE by SIDE full pixels."""
    width, height = page.image.size
    left, top = max(0, min(left, width - SIDE)), max(0, min(top, height - SIDE))
    cut = page.grey_at((left, top, min(width, left + SIDE), min(height, top + SIDE)))
    below, right = SIDE - cut.shape[0], SIDE - cut.shape[1]
    return cut if not below and not right else np.pad(cut, ((0, below), (0, right)), mode="edge")


def steepness_of(samples: Pixels) -> tuple[Floats, NDArray[np.uint8], NDArray[np.intp]]:
    """Give of each sample how steep its sharp edges are, 0 to 1, how much its ink contrasts, and how many edges."""
    count = len(samples)
    column = samples.reshape(count * SIDE, SIDE)
    rise = cv2.morphologyEx(column, cv2.MORPH_GRADIENT, NEAR)
    heights = np.asarray(cv2.morphologyEx(column, cv2.MORPH_GRADIENT, AROUND), np.uint8)
    within = heights.reshape(samples.shape)[:, RIM:-RIM:4, RIM:-RIM:4].reshape(count, -1)
    tenth = int(0.9 * within.shape[1])
    contrast = np.partition(within, tenth, axis=1)[:, tenth]
    is_top = cv2.bitwise_and(cv2.compare(rise, cv2.dilate(rise, NEAR), cv2.CMP_GE), WITHIN_RIM[: count * SIDE])
    edges = np.flatnonzero(cv2.bitwise_and(is_top, cv2.threshold(heights, LEAST_CONTRAST, 255, cv2.THRESH_BINARY)[1]))
    which, step, height = edges // SIDE**2, np.asarray(rise).ravel()[edges], heights.ravel()[edges]
    is_stroke = height > (contrast // 2)[which]
    shares = step[is_stroke].astype(np.intp) * STEPS // height[is_stroke]
    places = which[is_stroke] * (STEPS + 1) + shares
    found = np.bincount(places, minlength=count * (STEPS + 1)).reshape(count, STEPS + 1)
    return steepest_of(found), contrast, found.sum(axis=1)


def steepest_of(found: NDArray[np.intp]) -> Floats:
    """Give the share below which STEEPEST of a sample's edges lie, between the steps by which they were counted."""
    summed = np.cumsum(found, axis=1)
    wanted = STEEPEST * summed[:, -1]
    step = np.minimum((summed < wanted[:, None]).sum(axis=1), STEPS)
    each = np.arange(len(found))
    here = found[each, step]
    steepest: Floats = (step + (wanted - (summed[each, step] - here)) / np.maximum(here, 1)) / STEPS
    return steepest
