"""A page's true resolution: its tag where that can be true, else an estimate from the paper it would fit.

Cameras and editors write 72 or 96 into files of any size, others 1 or 99999. An estimate always says that it is one.
"""

from dataclasses import dataclass
from typing import Literal

MM_PER_INCH = 25.4
LEAST_SCANNED, FINEST = 100.0, 2400.0  # what scanners of paper are set to
LONGEST_COARSE = 420.0 * 1.1  # mm: a tag below 100 dpi may be true of a page up to A3; else it is a habit of software
USUAL = (300, 200, 400, 600, 150)
COARSER_SHEETS = 420.0  # mm: sheets this wide and wider are not scanned at 600 dpi
PAPERS = ((210.0, 297.0), (297.0, 420.0), (420.0, 594.0), (594.0, 841.0), (841.0, 1189.0))
NEAR = 0.04

Dpi = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots per inch across and down, None when nothing tells them, and where they are from."""

    dpi: Dpi | None
    source: Literal["tag", "estimated", "none"]


def true_resolution(tag: Dpi | None, width: int, height: int) -> Resolution:
    """Give the resolution of a page of so many pixels."""
    if tag is not None and is_believable(tag, width, height):
        return Resolution(tag, "tag")
    guess = estimated(width, height)
    return Resolution((guess, guess), "estimated") if guess else Resolution(None, "none")


def is_believable(tag: Dpi, width: int, height: int) -> bool:
    """Say whether a tag may be true: what scanners can, or coarse and then of a page that is not huge."""
    if max(tag) > FINEST or min(tag) <= 1:
        return False
    longest = max(width / tag[0], height / tag[1]) * MM_PER_INCH
    return min(tag) >= LEAST_SCANNED or longest <= LONGEST_COARSE


def estimated(width: int, height: int) -> float | None:
    """Give the usual resolution at which a page of so many pixels is a sheet of A4 to A0, the smallest that fits.

    A4 at 600 dpi has the pixels of A2 at 300: the smaller sheet is far more usual, and counts for fewer pages.
    """
    sides = sorted((width, height))
    for paper in PAPERS:
        short, long = (side / millimetres * MM_PER_INCH for side, millimetres in zip(sides, paper, strict=True))
        for dpi in USUAL:
            if dpi == 600 and paper[0] >= COARSER_SHEETS:
                continue
            if abs(short / dpi - 1) <= NEAR and abs(long / dpi - 1) <= NEAR:
                return float(dpi)
    return None
