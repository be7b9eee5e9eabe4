"""Ink: what is darker than the paper round it."""

import cv2
import numpy as np
from numpy.typing import NDArray

DARKER_BY = 40
MARGIN = 0.03


def ink_of(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mark ink, away from the outer 3 % where scanners leave borders."""
    reach = 2 * max(3, max(grey.shape) // 40) + 1
    paper = cv2.blur(grey, (reach, reach), borderType=cv2.BORDER_REPLICATE)
    ink = np.asarray(cv2.subtract(paper, grey) > DARKER_BY)
    rows, columns = (max(1, int(length * MARGIN)) for length in ink.shape)
    ink[:rows], ink[-rows:], ink[:, :columns], ink[:, -columns:] = False, False, False, False
    return ink
