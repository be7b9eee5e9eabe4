"""Faint strokes seen closely: at full resolution ink of this side is crisp, and what paper blurred is not."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page
from shared.imaging.measuring.strokes import MEDIAN, SOBEL, SQUARE, Strokes, darkest_of

MOST = 100  # reduced pixels of a stroke each way: enough of its outline
LEAST_BARE = 100  # full pixels of paper beside a stroke to know its grain by
ABOVE_GRAIN = 2.0  # times the grain's squares an outline's must be, or they say nothing

# Paper spreads what shines through it by two tenths of a millimetre and more, the scanner by a pixel: at 200 to 400 dpi
# slopes of 0.2 of the contrast a pixel against 0.35 and more. They are told as the reduced page's own, 0.20 and 0.55.
SOFT, CRISP = (0.22, 0.20), (0.36, 0.55)


def seen_closely(page: Page, strokes: Strokes, which: NDArray[np.intp]) -> Strokes:
    """Judge the sharpness of some strokes anew by the full pixels, where there are more of them."""
    if page.factor == 1 or not len(which):
        return strokes
    sharpness = strokes.sharpness.copy()
    share = (CRISP[1] - SOFT[1]) / (CRISP[0] - SOFT[0])
    for each in which:
        slope = slope_of(page, strokes, int(each))
        if slope is not None:
            sharpness[each] = max(0.0, SOFT[1] + (slope - SOFT[0]) * share)
    return replace(strokes, sharpness=sharpness)


def slope_of(page: Page, strokes: Strokes, which: int) -> float | None:
    """Give the change of tone from full pixel to full pixel at a stroke's outline over its contrast, if grain lets."""
    (left, right), (top, bottom) = (
        reach_of(float(middle[which]) * page.millimetre, float(size[which]) * page.millimetre / 2, most)
        for middle, size, most in zip(
            (strokes.x, strokes.y), (strokes.width, strokes.height), page.grey.shape[::-1], strict=True
        )
    )
    box = slice(top, bottom), slice(left, right)
    ink = (page.tones.tones[box] < darkest_of(page.tones)).astype(np.uint8)
    outline = cv2.subtract(ink, cv2.erode(ink, SQUARE))
    bare = (cv2.dilate(ink, np.ones((5, 5), np.uint8)) == 0).astype(np.uint8)
    factor = page.factor
    width, height = page.image.size
    grey = page.grey_at((left * factor, top * factor, min(right * factor, width), min(bottom * factor, height)))
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    squares = cv2.add(cv2.multiply(across, across), cv2.multiply(down, down))
    whole = slice(0, grey.shape[0]), slice(0, grey.shape[1])
    size = (right - left) * factor, (bottom - top) * factor
    on_outline, on_bare = (
        np.asarray(squares)[cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)[whole] > 0]
        for mask in (outline, bare)
    )
    if not on_outline.size or on_bare.size < LEAST_BARE:
        return None
    grain, mean = float(np.median(on_bare)) / MEDIAN, float(on_outline.mean())
    if mean < ABOVE_GRAIN * grain:
        return None
    light = max(1.0, float(np.median(page.tones.light[box])))
    return float(np.sqrt(mean - grain)) / SOBEL / light / max(0.02, float(strokes.contrast[which]))


def reach_of(middle: float, half: float, most: int) -> tuple[int, int]:
    """Give the first and the last reduced pixel of a stroke and a little beside it, one way; of a long one a part."""
    first = max(0, int(middle - half) - 2)
    return first, min(most, int(middle + half) + 3, first + MOST)
