"""Where the dark, the middle and the light of a page lie."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page


@dataclass(frozen=True, slots=True)
class Tones:
    """Percentiles of tone, 0 (black) to 255; shares 0 to 1 at either end; contrast 0 to 1."""

    p01: int
    p50: int
    p99: int
    clipped_dark: float
    clipped_light: float
    overexposed_probability: float
    contrast: float


def tones_of(page: Page) -> Tones:
    """Measure the tones of the reduced page."""
    counts = np.cumsum(cv2.calcHist([page.grey], [0], None, [256], [0, 256]).ravel())
    p01, p50, p99 = (tone_at(counts, share) for share in (0.01, 0.5, 0.99))
    dark, light = float(counts[2] / counts[-1]), float(1 - counts[252] / counts[-1])
    return Tones(p01, p50, p99, dark, light, round(light, 4), round((p99 - p01) / 255, 4))


def tone_at(counts: NDArray[np.floating[Any] | np.integer[Any]], share: float) -> int:
    """Give the tone below which a share of pixels lies; `counts` is a histogram summed up."""
    return int(np.searchsorted(counts, share * float(counts[-1])))
