"""How grainy the paper is."""

import cv2
import numpy as np

from shared.imaging.measuring.page import Page


def noise_of(page: Page) -> float:
    """Estimate the standard deviation of the grain, in tones, from the median of a Laplacian (Immerkær 1996)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    rough = np.abs(cv2.filter2D(page.grey, cv2.CV_32F, kernel))
    return round(float(np.median(rough)) / 0.6745 / 6, 3)
