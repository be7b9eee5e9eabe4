"""Projections of a page along many slopes, from narrow upright strips of it."""

import cv2
import numpy as np
from numpy.typing import NDArray

Tones = NDArray[np.uint8]
Numbers = NDArray[np.float32]


class Projection:
    """Sums of tones along parallel slanted lines: a profile of rows for every angle.

    Within a strip a slant hardly shows; from strip to strip it moves everything by the same number of rows. In
    frequencies a move is a factor, and the sum over all strips a polynomial in it, so that moves of a hundredth of a
    row cost no more than whole ones and nothing is ever interpolated.
    """

    def __init__(self, tones: Tones, paper: Tones, strip: int, row: int = 1) -> None:
        """Cut tones into strips of so many pixels and rows of so many; `paper` may be smaller than `tones`."""
        height, width = tones.shape
        size = count, rows = width // strip, height // row
        whole = tones[: rows * row, : count * strip]  # OpenCV is four times as fast where the cells are of one size
        cells_of_ink = cv2.transpose(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))
        cells = paper[:, : round(paper.shape[1] * count * strip / width)].astype(np.float32)
        across = cv2.resize(cells, (count, len(cells)), interpolation=cv2.INTER_AREA)
        shares = cv2.transpose(cv2.resize(across, size, interpolation=cv2.INTER_NEAREST))
        self.row = row
        self.slant = strip / row
        self.rows = int(cv2.getOptimalDFTSize(rows + rows // 10))
        # Beyond the paper nothing is known: as dark as paper is in the mean, its edge draws no line of its own.
        mean = cv2.sumElems(cells_of_ink)[0] / max(cv2.sumElems(shares)[0], 1.0)
        seen = np.zeros((count, self.rows), np.float32)
        cv2.addWeighted(cells_of_ink, 1 / count, shares, -mean / count, 0, seen[:, :rows], cv2.CV_32F)
        waves = cv2.dft(seen, flags=cv2.DFT_ROWS | cv2.DFT_COMPLEX_OUTPUT)
        self.waves = np.asarray(waves, np.float32).view(np.complex64)[:, : self.rows // 2 + 1, 0]

    def profiles(self, degrees: NDArray[np.float64], shortest: float, longest: float, parts: int = 1) -> Numbers:
        """Give a profile for each angle, of what repeats within `shortest` to `longest` pixels.

        Of several parts side by side it gives their profiles one after the other.
        """
        length = self.rows * self.row
        first, last = max(1, int(length / longest)), min(self.waves.shape[1], int(length / shortest) + 1)
        moves = self.slant / self.rows * np.outer(np.tan(np.radians(degrees)), np.arange(first, last))
        factors = np.exp(-2j * np.pi * moves).astype(np.complex64)
        strips = self.waves[: len(self.waves) // parts * parts, first:last].reshape(parts, -1, last - first)
        sums = np.zeros((len(degrees), parts, self.rows // 2 + 1), np.complex64)
        band = np.zeros((len(degrees), parts, last - first), np.complex64)
        for strip in range(strips.shape[1])[::-1]:
            band *= factors[:, np.newaxis]
            band += strips[:, strip]
        sums[:, :, first:last] = band
        profiles = np.fft.irfft(sums, self.rows, axis=2)
        return np.asarray(profiles.reshape(len(degrees), -1), np.float32)
