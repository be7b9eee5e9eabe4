"""Strokes: connected pieces of what is darker than the paper, and what tells writing from dirt."""

from dataclasses import dataclass, fields
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.ink import PAPER, Tones

Measured = NDArray[np.float64]

FAINT = 0.06  # darker than the paper by so much, and by more than its grain, is looked at
ABOVE_GRAIN = 4.0
SQUARE = np.ones((3, 3), np.uint8)
SOBEL = 8.0  # times a slope is what Sobel's kernel gives
MEDIAN = 0.693  # of the mean square of two normal components, their median


@dataclass(frozen=True, slots=True)
class Strokes:
    """One value a piece. Lengths in millimetres, `contrast` from 0 (paper) to 1 (black).

    `x` and `y` are the middle, `length` is half the outline, `thickness` the mean breadth across it, `filled` the share
    of its upright box. `sharpness` is the change of tone from pixel to pixel at the outline over the contrast: about a
    half where a pen or a press left it, less where paper blurred it. `beside` is the share that lies at the sides of
    the paper.
    """

    x: Measured
    y: Measured
    length: Measured
    thickness: Measured
    width: Measured
    height: Measured
    filled: Measured
    contrast: Measured
    sharpness: Measured
    beside: Measured

    @property
    def across(self) -> Measured:
        """The way from corner to corner of the upright box."""
        return np.hypot(self.width, self.height)

    def only(self, which: NDArray[np.bool_]) -> Self:
        """Give some of the strokes."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


def strokes_of(tones: Tones, rows: slice, mm: float) -> Strokes:
    """Find the strokes in some rows of a page with `mm` pixels a millimetre."""
    part, inside = tones.tones[rows], tones.inside[rows]
    ink = cv2.bitwise_and((part < darkest_of(tones)).astype(np.uint8), inside).astype(np.uint8, copy=False)
    near_side = cv2.erode(inside, np.ones((5, 5), np.uint8)) == 0
    count, labels = cv2.connectedComponents(ink, connectivity=8)  # its statistics would take ten times as long
    places = np.flatnonzero(ink)
    of = np.asarray(labels, np.int32).ravel()[places]
    outline = cv2.erode(ink, SQUARE).ravel()[places] == 0

    def summed(values: NDArray[np.generic] | None = None, which: NDArray[np.bool_] | None = None) -> Measured:
        chosen = of if which is None else of[which]
        return np.bincount(chosen, values, count)[1:].astype(np.float64)

    area, around = summed(), np.maximum(1, summed(which=outline))
    contrast = 1 - summed(part.ravel()[places]) / area / PAPER
    slope = slopes_at(tones.grey[rows], tones.light[rows], places[outline])
    # Grain adds to a slope as squares add, so it is taken from the squares: what is faint is not softer for it.
    square = np.maximum(0, summed(slope.squares, outline) / around - slope.grain)
    row, column = np.divmod(places, part.shape[1])
    (left, right), (top, bottom) = extent_of(column, of, count), extent_of(row, of, count)
    width, height = right - left + 1, bottom - top + 1
    return Strokes(
        x=(left + right) / 2 / mm,
        y=(top + bottom) / 2 / mm,
        length=around / 2 / mm,
        thickness=2 * area / around / mm,
        width=width / mm,
        height=height / mm,
        filled=area / (width * height),
        contrast=contrast,
        sharpness=np.sqrt(square) / np.maximum(contrast, 0.02),
        beside=summed(near_side.ravel()[places]) / area,
    )


def darkest_of(tones: Tones) -> float:
    """Give the tone from which on something is no stroke, but paper with its grain."""
    return PAPER - max(FAINT * PAPER, ABOVE_GRAIN * tones.grain)


@dataclass(frozen=True, slots=True)
class Slopes:
    """Squares of how much tones change from pixel to pixel, as shares of the paper's tone; `grain` is bare paper's."""

    squares: Measured
    grain: float


def slopes_at(grey: NDArray[np.uint8], light: NDArray[np.uint8], places: NDArray[np.intp]) -> Slopes:
    """Measure slopes at some places, counted row by row."""
    across = cv2.Sobel(grey, cv2.CV_16S, 1, 0)
    down = cv2.Sobel(grey, cv2.CV_16S, 0, 1)
    seen = light.ravel()[places].astype(np.float64)
    squares = across.ravel()[places].astype(np.float64) ** 2 + down.ravel()[places].astype(np.float64) ** 2
    some = across[::4, ::4].astype(np.float32) ** 2 + down[::4, ::4].astype(np.float32) ** 2
    bare = float(np.median(some)) / MEDIAN / max(1.0, float(np.median(light[::8, ::8]))) ** 2
    return Slopes(squares / np.maximum(1, seen) ** 2 / SOBEL**2, bare / SOBEL**2)


def extent_of(values: NDArray[np.intp], of: NDArray[np.int32], count: int) -> tuple[Measured, Measured]:
    """Give the least and the greatest value of each piece."""
    least, most = np.full(count, np.iinfo(np.intp).max), np.zeros(count, np.intp)
    np.minimum.at(least, of, values)
    np.maximum.at(most, of, values)
    return least[1:].astype(np.float64), most[1:].astype(np.float64)
