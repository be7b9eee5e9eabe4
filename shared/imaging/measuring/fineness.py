"""How much finest detail a passage has, in each direction: what any blur takes away first, and motion one way only."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Pixels
from shared.imaging.measuring.passages import SIDE

WAYS = 8  # directions over the half turn
BANDS = ((0.22, 0.29), (0.29, 0.36), (0.36, 0.43), (0.43, 0.5))  # cycles a pixel: from four pixels to two
FAINT = 25.0  # a passage's variance in squared tones is taken for no less, or grain alone would look like detail
FLOOR = 1e-4  # of the variance; below lies the rounding to whole tones


@dataclass(frozen=True, slots=True)
class Fineness:
    """Shares of a passage's variance, as logarithms to base 10, and how steeply they fall.

    `finest` is of detail near two pixels, in the direction that has least; `fall` is the steepest over two bands, for
    what was blurred much has nothing left to fall in the last.
    """

    finest: float
    fall: float


def shares_of(passages: list[Pixels]) -> NDArray[np.float64]:
    """Give the power of each passage (first axis) in the bands and WAYS directions, as a share of its variance."""
    powers = np.stack([power_of(passage) for passage in passages])
    variances = np.maximum(powers.sum(axis=1) / SIDE**2, FAINT)
    shares: NDArray[np.float64] = (powers @ SECTORS.T) / variances[:, None]
    return shares.reshape(len(passages), len(BANDS), WAYS)


def fineness_of(shares: NDArray[np.float64]) -> Fineness:
    """Judge passages together, each direction by the median passage, smoothed over its neighbours."""
    median = 10 ** np.median(np.log10(shares + FLOOR / 100), axis=0)
    smooth = (median + (np.roll(median, 1, axis=1) + np.roll(median, -1, axis=1)) / 2) / 2
    detail = np.log10(smooth + FLOOR)
    return Fineness(float(detail[-1].min()), float((detail[2:] - detail[:-2]).mean(axis=1).min()))


def power_of(passage: Pixels) -> NDArray[np.float32]:
    """Give the power spectrum of a passage in one row."""
    tones = passage.astype(np.float32)
    waves = cv2.dft((tones - tones.mean()) * WINDOW, flags=cv2.DFT_COMPLEX_OUTPUT)
    return np.asarray(waves[..., 0] ** 2 + waves[..., 1] ** 2, dtype=np.float32).ravel() / np.float32((WINDOW**2).sum())


def sectors() -> NDArray[np.float32]:
    """Give, a row for each band and direction, the weights whose product with a power spectrum is its mean there."""
    steps = np.fft.fftfreq(SIDE)
    down, across = steps[:, None], steps[None, :]
    length, angle = np.hypot(down, across), np.degrees(np.arctan2(down, across)) % 180
    width = 180 / WAYS
    rows = []
    for low, high in BANDS:
        for way in range(WAYS):
            away = np.abs((angle - way * width + 90) % 180 - 90)
            inside = ((length >= low) & (length < high) & (away <= width / 2)).ravel()
            rows.append(inside / inside.sum())
    return np.array(rows, dtype=np.float32)


WINDOW = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
SECTORS = sectors()
