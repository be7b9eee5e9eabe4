"""Streaks of noise one pixel high: what a foreign sector leaves in pixels that are not packed.

A scanned row looks like the rows above and below it, and so does its grain. A streak is like neither while they are
like each other, over a hundred pixels and more, and as rough along the row as nothing on paper.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.imaging.measurement import Flaw

BAND = 1024  # rows at a time, so that a map is not copied whole
LENGTH = 97
UNLIKE, SHARE = 24, 0.72
MOST_TRIED = 2000  # a page full of lines has many places to look at
ROUGH, CALM = 45.0, 25.0


def streak_flaws(image: Image.Image) -> Iterator[Flaw]:
    """Find the first streak in a page that is kept as plain pixels."""
    if image.mode not in ("L", "RGB") or image.width < 2 * LENGTH:
        return
    for top in range(0, image.height - 2, BAND):
        band = np.asarray(image.crop((0, top, image.width, min(image.height, top + BAND + 2))))
        row = streak_in(band if band.ndim == 2 else np.ascontiguousarray(band[:, :, 1]))
        if row is not None:
            yield Flaw(kind="damaged", detail=f"a streak of noise in pixel row {top + row}")
            return


def streak_in(grey: NDArray[np.uint8]) -> int | None:
    """Give the row of the first streak in a band of rows, or None."""
    above, row, below = grey[:-2], grey[1:-1], grey[2:]
    apart = cv2.subtract(cv2.min(cv2.absdiff(row, above), cv2.absdiff(row, below)), cv2.absdiff(above, below))
    unlike = cv2.threshold(apart, UNLIKE, 255, cv2.THRESH_BINARY)[1]
    density = cv2.blur(unlike, (LENGTH, 1), borderType=cv2.BORDER_CONSTANT)
    found = np.argwhere(density > 255 * SHARE)
    for at, column in found[:: max(1, len(found) // MOST_TRIED)]:
        left = max(0, int(column) - LENGTH // 2)
        here = slice(left, left + LENGTH)
        if roughness(row[at, here]) > ROUGH and max(roughness(above[at, here]), roughness(below[at, here])) < CALM:
            return int(at) + 1
    return None


def roughness(pixels: NDArray[np.uint8]) -> float:
    """Give the mean step between neighbours."""
    return float(np.abs(np.diff(pixels.astype(np.int16))).mean())
