"""How sharp the edges of the text are."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Box, Page

LEAST_INK = 0.0005
CLEAREST = 0.5
GRID, PLACES = 4, 3
EDGES = 0.005


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`sharpness` from 0 up to 1, higher = sharper; `blur_probability` 0 to 1. Both None on a page without ink."""

    sharpness: float | None
    blur_probability: float | None


def sharpness_of(page: Page) -> Sharpness:
    """Judge at full resolution where most ink is, by the sharpest of those places.

    So neither a sparse page nor one with a soft stamp is called blurred.
    """
    if float(np.mean(page.ink)) < LEAST_INK:
        return Sharpness(None, None)
    best = max(sharpness_at(page.grey_at(box), share) for box, share in places_with_ink(page))
    return Sharpness(best, round(1 - min(1.0, best), 4))


def places_with_ink(page: Page) -> list[tuple[Box, float]]:
    """Divide a page into GRID by GRID blocks and give the inkiest: their box in full pixels, their ink's share."""
    shares = {}
    for row, band in enumerate(np.array_split(page.ink, GRID, axis=0)):
        for column, block in enumerate(np.array_split(band, GRID, axis=1)):
            shares[column, row] = float(np.mean(block)) if block.size else 0.0
    width, height = page.image.size
    inkiest = sorted(shares, key=lambda at: -shares[at])[:PLACES]
    return [
        ((width * x // GRID, height * y // GRID, width * (x + 1) // GRID, height * (y + 1) // GRID), shares[x, y])
        for x, y in inkiest
        if shares[x, y]
    ]


def sharpness_at(grey: NDArray[np.uint8], ink_share: float) -> float:
    """Judge one place by its steepest steps, both ways: what moved is sharp one way."""
    if min(grey.shape) < 2:
        return 0.0
    contrast = max(16.0, float(np.percentile(grey, 99) - np.percentile(grey, 50 * ink_share)))
    steps = (cv2.absdiff(grey[:, 1:], grey[:, :-1]), cv2.absdiff(grey[1:], grey[:-1]))
    steepest = min(float(np.percentile(step, 100 * (1 - ink_share * EDGES))) for step in steps)
    return round(min(1.0, steepest / contrast / CLEAREST), 4)
