"""Is text cut off at an edge of the image?"""

import numpy as np

from shared.imaging.measuring.page import Page


def cut_probability_of(page: Page) -> float:
    """Give the probability, 0 to 1, that content goes on beyond an edge."""
    grey = page.grey
    edges = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).astype(np.float64)
    return round(min(1.0, float(np.mean(edges < 100))), 4)
