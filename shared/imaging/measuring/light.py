"""The light that fell on the paper: its colour, and how evenly it fell."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measurement import Part
from shared.imaging.measuring.page import Page, Pixels

# Paper, in CIE L*a*b*: from white to brown it turns yellow, and red with it. What lies beyond is light, not age.
GREENEST, REDDEST, REDDER_BY_YELLOW = -4.0, 5.0, 0.4
BLUEST, YELLOWEST = -5.0, 42.0
STROKE = 9  # samples; strokes narrower than this are closed before the paper's brightness is read
DOWN, ACROSS = 12, 9  # parts of a page that are compared
MOSTLY = 0.9  # of a part must be paper
EXTREMES = (5, 95)  # per cent of the parts, so that a stamp or a picture does not count


@dataclass(frozen=True, slots=True)
class Light:
    """`colour_cast`: how far the paper's colour is from any paper's, in CIE L*a*b* units, 0 of a page in grey.

    `uneven_light`: the range of the paper's brightness over the page as a share of the brightest, 0 to 1.
    """

    colour_cast: float
    uneven_light: float


def light_of(page: Page, target: Part | None = None) -> Light:
    """Measure the paper between the strokes, but not where a colour target lies."""
    grey = page.sampled_grey
    mask = page.paper.mask
    height, width = min(grey.shape[0], mask.shape[0]), min(grey.shape[1], mask.shape[1])
    grey, mask = np.ascontiguousarray(grey[:height, :width]), mask[:height, :width]
    if target:
        left, top, right, bottom = target
        mask = mask.copy()
        mask[int(top * height) : math.ceil(bottom * height), int(left * width) : math.ceil(right * width)] = False
    cast = 0.0
    if page.reduced.mode != "L" and mask.any():
        light = (mask & (grey >= middle_of(grey, mask))).astype(np.uint8)
        colours = np.ascontiguousarray(page.sampled[:height, :width])
        cast = cast_of(np.array([middle_of(channel, light) for channel in cv2.split(colours)], np.uint8))
    return Light(cast, unevenness(grey, mask.astype(np.float32)))


def middle_of(tones: cv2.typing.MatLike, mask: NDArray[np.bool_] | Pixels) -> int:
    """Give the median tone where a mask says so."""
    counts = np.cumsum(cv2.calcHist([tones], [0], mask.astype(np.uint8), [256], [0, 256]).ravel())
    return int(np.searchsorted(counts, 0.5 * float(counts[-1])))


def cast_of(paper: Pixels) -> float:
    """Give how far a colour, in RGB, lies from those that paper has."""
    _, red, yellow = (
        float(value) for value in cv2.cvtColor(paper.reshape(1, 1, 3).astype(np.float32) / 255, LAB)[0, 0]
    )
    reddest = REDDEST + REDDER_BY_YELLOW * max(0.0, yellow)
    beyond = (max(0.0, GREENEST - red, red - reddest), max(0.0, BLUEST - yellow, yellow - YELLOWEST))
    return round(float(np.hypot(*beyond)), 2)


def unevenness(grey: Pixels, mask: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """Compare the parts of the page that are paper."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8)).astype(np.float32)
    parts = cv2.resize(paper, (ACROSS, DOWN), interpolation=cv2.INTER_AREA)
    share = cv2.resize(mask, (ACROSS, DOWN), interpolation=cv2.INTER_AREA)
    tones = parts[share >= MOSTLY]
    if tones.size < 2:
        return 0.0
    darkest, brightest = np.percentile(tones, EXTREMES)
    return round(float((brightest - darkest) / max(1.0, brightest)), 4)


LAB = cv2.COLOR_RGB2Lab
