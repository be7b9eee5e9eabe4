"""How grainy the paper is."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page
from shared.imaging.measuring.passages import edges_of

SIDE = 64  # full pixels of a patch
ROWS, COLUMNS = 3, 3  # of the page, one patch of bare paper from each
FLAT = 0.25  # of a part's blocks have fewer edges than its patch: bare paper, but not the barest, which may be burnt
SMOOTH = 9  # pixels over which paper is even but for its grain
NORMAL = 0.6745  # the median deviation of a normal distribution, in standard deviations


def noise_of(page: Page) -> float:
    """Give the standard deviation of the grain at full resolution, in tones: the median of patches of bare paper.

    Estimated by the median deviation from the near mean, so that a stroke or a speck in a patch does not count.
    """
    side = max(1, SIDE // page.factor)
    found = [grain_of(page, left, top) for left, top in bare_places(page, side)]
    return round(float(np.median(found)), 3) if found else 0.0


def bare_places(page: Page, side: int) -> list[tuple[int, int]]:
    """Give the left and top, in full pixels, of a block of bare paper in each part of the page."""
    emptiness = edges_of(page, side, grain=0)
    found = []
    for rows in np.array_split(np.arange(emptiness.shape[0]), ROWS):
        for columns in np.array_split(np.arange(emptiness.shape[1]), COLUMNS):
            part = emptiness[np.ix_(rows, columns)].ravel()
            on_paper = np.flatnonzero(part >= 0)
            if len(on_paper):
                block = on_paper[np.argsort(part[on_paper])[int(FLAT * len(on_paper))]]
                row, column = divmod(int(block), len(columns))
                found.append((int(columns[column]) * side * page.factor, int(rows[row]) * side * page.factor))
    return found


def grain_of(page: Page, left: int, top: int) -> float:
    """Measure the grain of one patch."""
    width, height = page.image.size
    patch = page.grey_at((left, top, min(left + SIDE, width), min(top + SIDE, height))).astype(np.float32)
    rough: NDArray[np.float32] = np.abs(patch - cv2.blur(patch, (SMOOTH, SMOOTH)))
    return float(np.median(rough)) / NORMAL
