"""Hollows: what is thin and darker than what lies beside it, on the paper only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page

Tones = NDArray[np.uint8]

WIDEST = 15  # pixels: at 150 dpi the stems of a headline; shadows, photographs and steps to a dark surround are wider
FAINTEST = 8  # tones: grain of paper and traces of JPEG
DARKEST = 88  # a stamp or a rule in black counts for no more than typed letters
BORDER = 4  # cells of the paper's mask: its edge and the shadow beside it
DARKNESS = (np.clip((np.arange(256) - FAINTEST) / (DARKEST - FAINTEST), 0, 1) * 255).astype(np.uint8)


def hollows_of(page: Page) -> tuple[Tones, Tones]:
    """Give how dark the strokes of a page are, 0 beyond the paper, and where there is paper (1) or not (0).

    The paper's mask is a quarter as high and wide, as `Paper` has it.
    """
    hollows = cv2.morphologyEx(page.grey, cv2.MORPH_BLACKHAT, np.ones((WIDEST, WIDEST), np.uint8))
    paper = cv2.erode(page.paper.mask.astype(np.uint8), np.ones((2 * BORDER + 1,) * 2, np.uint8))
    height, width = page.grey.shape
    whole = cv2.resize(paper * np.uint8(255), (width, height), interpolation=cv2.INTER_NEAREST)
    strokes = cv2.bitwise_and(cv2.LUT(hollows, DARKNESS), whole)
    return np.asarray(strokes, np.uint8), np.asarray(paper, np.uint8)
