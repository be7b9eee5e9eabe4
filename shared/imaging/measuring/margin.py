"""How much paper is left between the text and the edges of the image."""

import cv2
import numpy as np

from shared.imaging.measuring.cut import DEPTH, RULE, Edge, edges_of
from shared.imaging.measuring.ink import PAPER
from shared.imaging.measuring.page import Page

DARKER = 0.3
TEXT = 4  # strokes side by side: fewer may be a mark, a stain or a clip
HIGH = 1.0  # millimetres: letters are as high at least, a frayed border is not
MOST = 0.5  # of an edge must be paper, or it is no edge of the page


def least_margin_of(page: Page) -> float | None:
    """Give the narrowest margin in millimetres, as if the page were A4 when its resolution is not told.

    None when it is wider than DEPTH: then nobody needs to know.
    """
    margins = [margin_at(edge, page.millimetre) for edge in edges_of(page) if edge.paper.mean() > MOST]
    return min((margin for margin in margins if margin < DEPTH), default=None)


def margin_at(edge: Edge, mm: float) -> float:
    """Find the first row, from an edge inwards, that goes through several strokes, as the next rows do."""
    ink = ((edge.tones < PAPER * (1 - DARKER)) & edge.paper).astype(np.uint8)
    rule = np.ones((1, max(3, round(RULE * mm))), np.uint8)
    upright = np.ones((max(3, len(ink) * 3 // 4), 1), np.uint8)
    for line in (rule, upright):
        ink = cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, line)).astype(np.uint8, copy=False)
    strokes = np.count_nonzero(ink[:, 1:] > ink[:, :-1], axis=1)
    high = max(2, round(HIGH * mm))
    together = np.convolve(strokes >= TEXT, np.ones(high), "valid") >= high
    return round(float(np.argmax(together)) / mm, 1) if together.any() else DEPTH
