"""Is there anything on the page?"""

import math
from dataclasses import dataclass

import numpy as np

from shared.imaging.measuring.page import Page

MIDDLE = math.log(0.0003)


@dataclass(frozen=True, slots=True)
class Emptiness:
    """`ink_share` is the share of the page that is ink, `blank_probability` that there is nothing to read; 0 to 1."""

    ink_share: float
    blank_probability: float


def emptiness_of(page: Page) -> Emptiness:
    """Judge by how much is darker than the paper."""
    share = float(np.mean(page.ink))
    odds = math.log(max(share, 1e-7)) - MIDDLE
    return Emptiness(round(share, 6), round(1 / (1 + math.exp(min(50.0, 2 * odds))), 4))
