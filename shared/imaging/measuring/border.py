"""Where the paper ends and the scanner's lid, a neighbouring page or a black surround begins."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

STEP = 4
BLACK = 60


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper in a page's image.

    `mask` is true on paper, at a quarter of the reduced page's size each way; `border_share` is the share of the image
    outside it.
    """

    mask: NDArray[np.bool_]
    border_share: float


def paper_of(grey: NDArray[np.uint8]) -> Paper:
    """Find the paper: everything but the dark that touches an edge of the image."""
    small = cv2.resize(grey, None, fx=1 / STEP, fy=1 / STEP, interpolation=cv2.INTER_AREA)
    dark = cv2.copyMakeBorder((small < BLACK).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(dark, None, (0, 0), 2)
    mask = np.asarray(dark[1:-1, 1:-1] != 2)
    return Paper(mask, round(1 - float(mask.mean()), 4))
