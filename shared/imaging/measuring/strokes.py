"""Strokes: what is thin and darker than what lies beside it, on the paper only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page

Tones = NDArray[np.uint8]

WIDEST = 15  # pixels: at 150 dpi the stems of a headline; shadows, photographs and steps to a dark surround are wider
FAINTEST = 8  # tones: grain of paper and traces of JPEG
DARKEST = 80  # a stamp or a rule in black counts for no more than typed letters
BORDER = 3  # cells of the paper's mask: its edge and the shadow beside it
DARKNESS = np.clip(np.arange(256) - FAINTEST, 0, DARKEST).astype(np.uint8)


def strokes_of(page: Page) -> tuple[Tones, Tones]:
    """Give how dark the strokes of a page are, 0 beyond the paper, and where there is paper (1) or not (0)."""
    hollows = cv2.morphologyEx(page.grey, cv2.MORPH_BLACKHAT, np.ones((WIDEST, WIDEST), np.uint8))
    inner = cv2.erode(page.paper.mask.astype(np.uint8), np.ones((2 * BORDER + 1,) * 2, np.uint8))
    height, width = page.grey.shape
    paper = np.asarray(cv2.resize(inner, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    return np.asarray(cv2.LUT(hollows, DARKNESS) * paper, np.uint8), paper
