"""How sharp the page is, judged by its text."""

from dataclasses import dataclass

import cv2
import numpy as np

from shared.imaging.measuring.fineness import fineness_of, shares_of
from shared.imaging.measuring.odds import logistic
from shared.imaging.measuring.page import Page, Pixels
from shared.imaging.measuring.passages import passages_of
from shared.imaging.measuring.steepness import edges_in, steepness_of

# Fitted as `python -m bench.qc.blur_teaching` does: on passages of real pages of 20 sources and of made ones, blurred
# by gaussians and paths and not, half of them saved as JPEG after that. Pages of sources that a model never saw are
# told by an area under the curve of 0.975 (gaussian 0.6: 0.88, path of 5 pixels: 0.997), saved as JPEG of 0.95.
FINEST, FALL, STEEPNESS, START = -1.94, -2.57, -21.1, 1.13
WIDE, WIDER = 0.35, -40.0  # edges wider than on any soft but sound scan are blurred, however fine the grain on them
LEAST_INK, EDGELESS = 0.0005, 0.2  # ink that has no edge at all is blurred as much as can be; other stains are none
SPREAD = 2.0  # odds of blur that sharpness tells as one step: the logistic of them, reversed


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`sharpness` from 0 up to 1, higher = sharper; `blur_probability` 0 to 1. All None on a page without strokes."""

    sharpness: float | None
    blur_probability: float | None


def sharpness_of(page: Page) -> Sharpness:
    """Judge at full resolution, by passages from all over the page.

    Each is judged against its own contrast, so neither a sparse page nor a faded one is called blurred.
    """
    signs = signs_of(page)
    if signs is None:
        return Sharpness(None, None)
    odds = odds_of(signs)
    return Sharpness(round(logistic(-odds / SPREAD), 5), round(logistic(odds), 5))


def signs_of(page: Page) -> tuple[float, float, float] | None:
    """Give what blur is told by: the finest detail, its fall, the steepness of edges; None without strokes."""
    passages = passages_of(page)
    if not passages:
        return None
    steepness = steepness_of([edges_in(passage) for passage in passages])
    if steepness is None:
        if page.ink_share < LEAST_INK:
            return None
        steepness = EDGELESS
    # An edge is no steeper than it looks from further away, where the scanner's grain is averaged out.
    further = steepness_of([edges_in(halved(passage)) for passage in passages])
    steepness = steepness if further is None else min(steepness, further)
    fineness = fineness_of(shares_of(passages))
    return fineness.finest, fineness.fall, steepness


def halved(passage: Pixels) -> Pixels:
    """Reduce a passage to half its size each way."""
    half = passage.shape[1] // 2, passage.shape[0] // 2
    return np.asarray(cv2.resize(passage, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def odds_of(signs: tuple[float, float, float]) -> float:
    """Give the logarithm of the odds that a page is blurred."""
    finest, fall, steepness = signs
    return max(START + FINEST * finest + FALL * fall + STEEPNESS * steepness, WIDER * (steepness - WIDE))
