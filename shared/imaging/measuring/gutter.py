"""The gutter of an open book: a valley of shadow that runs from top to bottom."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Tones = NDArray[np.uint8]
Mask = NDArray[np.bool_]

BESIDE = 0.15  # of the width: a gutter as near to a side has a neighbour's margin beyond it
MIDDLE = 0.35, 0.65
WIDE = 1.2  # an image of two pages is wider than high
BANDS = 24
DEPTH = 0.06  # of the paper's tone
MIDDLE_DEPTH = 0.03  # flatter: two pages lie more open in their middle, and an even line says the rest
SEEN_IN = 0.75  # of the bands


def beyond_gutter(closed: Tones, outside: Mask) -> Mask:
    """Give what lies beyond a gutter near the left or right edge."""
    beyond = np.zeros_like(outside)
    height, width = closed.shape
    rows = height // BANDS
    if rows < 2:
        return beyond
    depth, tone = depths_of(closed, outside), float(np.median(closed))
    reach, within, columns = reach_of(width), int(width * BESIDE), np.arange(width)
    for side in (slice(reach, within), slice(width - within, width - reach)):
        for start, slope in lines_in(depth[:, side], DEPTH * tone):
            at = start + slope * (np.arange(height) / rows - 0.5) + side.start
            beyond |= (columns < at[:, None]) if side.start == reach else (columns > at[:, None])
    return beyond


def middle_gutter(closed: Tones, outside: Mask) -> float | None:
    """Give where a gutter parts a wide image into two pages, as a share of its width."""
    height, width = closed.shape
    if width < WIDE * height or height < 2 * BANDS:
        return None
    first, last = (int(width * share) for share in MIDDLE)
    depth = depths_of(closed, outside)[:, first:last]
    for start, slope in lines_in(depth, MIDDLE_DEPTH * float(np.median(closed))):
        place: float = (first + start + slope * BANDS / 2) / width
        return round(place, 3)
    return None


def reach_of(width: int) -> int:
    """Give how far from the bottom of the valley its sides are looked for."""
    return max(3, width // 40)


def depths_of(closed: Tones, outside: Mask) -> NDArray[np.int16]:
    """Give how much darker each place of each band is than both the paper left and the paper right of it."""
    width = closed.shape[1]
    bands = cv2.resize(closed, (width, BANDS), interpolation=cv2.INTER_AREA).astype(np.int16)
    covered = cv2.resize(outside.astype(np.uint8) * 255, (width, BANDS), interpolation=cv2.INTER_AREA) > 64
    near = np.where(covered, 0, bands).astype(np.uint8)
    reach = reach_of(width)
    wide = np.ones((1, reach), np.uint8)
    left = cv2.dilate(near, wide, anchor=(reach - 1, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    right = cv2.dilate(near, wide, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.where(covered, 0, np.minimum(left, right) - bands).astype(np.int16)


def lines_in(depth: NDArray[np.int16], least: float) -> Iterator[tuple[float, float]]:
    """Give the straight line through a valley, if there is one: its column at the first band, its shift a band."""
    deep = depth.max(axis=1, initial=0) >= max(1.0, least)
    if deep.mean() < SEEN_IN:
        return
    bands, places = np.arange(len(depth)), np.argmax(depth, axis=1)
    slopes = [(places[j] - places[i]) / (j - i) for i in bands[deep] for j in bands[deep] if j > i]
    slope = float(np.median(slopes))  # Theil and Sen: some bands hold stains
    start = float(np.median(places[deep] - slope * bands[deep]))
    near = np.abs(places - start - slope * bands) <= max(2.0, 0.04 * depth.shape[1])
    if (deep & near).mean() >= SEEN_IN and abs(slope) < 2:
        yield start, slope
