"""Which way up the page is."""

from dataclasses import dataclass
from typing import Literal

from shared.imaging.measuring.page import Page
from shared.imaging.measuring.skew import Skew

Quarter = Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class Orientation:
    """How far the content is turned counter-clockwise from upright, and how sure that is, 0 to 1."""

    degrees: Quarter
    confidence: float


def orientation_of(_page: Page, skew: Skew) -> Orientation:
    """Tell upright from lying by the way the lines run."""
    return Orientation(0 if skew.lines == "across" else 90, 0.0)
