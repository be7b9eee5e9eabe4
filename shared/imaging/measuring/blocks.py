"""Traces of an earlier JPEG in a page that is kept without loss: steps where its blocks of 8 by 8 pixels met."""

import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page

BLOCK, SIDE = 8, 768
LEAST_EXCESS = 1.06  # pages that never were JPEG, or were scaled since, stay below 1.04


def was_jpeg(page: Page) -> bool:
    """Say whether steps between neighbours are larger at every eighth pixel, across and down, in the page's middle.

    Sees coarse JPEGs (quality up to about 85) that were not scaled or turned since; fine ones leave no such trace.
    """
    width, height = page.image.size
    left, top = max(0, (width - SIDE) // 2), max(0, (height - SIDE) // 2)
    grey = page.grey_at((left, top, min(width, left + SIDE), min(height, top + SIDE))).astype(np.int16)
    if min(grey.shape) < 8 * BLOCK:
        return False
    return min(excess(grey), excess(grey.T)) > LEAST_EXCESS


def excess(grey: NDArray[np.int16]) -> float:
    """Give how much larger the steps at the strongest phase of eight are than those at the second strongest."""
    steps = np.minimum(np.abs(np.diff(grey, axis=1)), 12)  # strokes are not counted for more than the paper's grain
    columns = steps.mean(axis=0)
    phases = np.sort([float(columns[phase::BLOCK].mean()) for phase in range(BLOCK)])
    return float((phases[-1] + 0.02) / (phases[-2] + 0.02))
