"""The angle of the lines of text (projection profile: Postl 1986)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shared.imaging.measuring.page import Page

MOST_POINTS = 30_000
WIDEST_SKEW = 15.0
CLEAR_PEAK = 1.1


@dataclass(frozen=True, slots=True)
class Skew:
    """How far lines are turned counter-clockwise, within ±15 degrees, from the way they run; None if nothing says it.

    `lines` says whether they run across the image or up and down it, as on a page that lies on its side.
    """

    degrees: float | None
    lines: Literal["across", "down"] = "across"


def skew_of(page: Page) -> Skew:
    """Find the angle at which lines of text are most even: the sum of squared row counts is greatest there."""
    ink = page.ink
    ys, xs = np.nonzero(ink)
    if len(ys) < 500:
        return Skew(None)
    step = max(1, len(ys) // MOST_POINTS)
    x, y = xs[::step].astype(np.float32) - ink.shape[1] / 2, ys[::step].astype(np.float32)

    def evenness(degrees: float) -> float:
        rows = (y + x * np.float32(np.tan(np.radians(degrees)))).astype(np.int32)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float(counts @ counts)

    angles = np.arange(-WIDEST_SKEW, WIDEST_SKEW + 0.25, 0.5)
    evenness_at = [evenness(float(angle)) for angle in angles]
    if max(evenness_at) < CLEAR_PEAK * float(np.median(evenness_at)):
        return Skew(None)
    best = float(angles[int(np.argmax(evenness_at))])
    for span, fineness in ((0.5, 0.1), (0.1, 0.02)):
        near = np.clip(np.arange(best - span, best + span + fineness / 2, fineness), -WIDEST_SKEW, WIDEST_SKEW)
        best = max((float(angle) for angle in near), key=evenness)
    return Skew(round(best, 2) + 0.0)  # no minus zero
