"""A fingerprint unfolded for comparing: the ink softened, its place and extent told in three ways, and small views."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.fingerprint import LONG_SIDE, Cells

Map = NDArray[np.float32]
Place = tuple[int, int]

SOFTNESS = 0.7  # cells: ink is smeared by about as much as a cell may be misplaced
BLUR = 3.75  # cells: what small views keep
VIEW = 36  # cells a side of a small view
LEAST_STRUCTURE = 0.12
LEAST_INK = 40  # cells; a page with fewer has nothing to be known by, so blank pages are never alike


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the ink of a page lies and how far it reaches; of two scans of a page the same part is within."""

    x: float
    y: float
    reach: float


class Layout:
    """The ink of a page. `frames` are three guesses at what part of the image is the page's own."""

    def __init__(self, cells: Cells) -> None:
        ink = cells.astype(np.float32)
        self.ink: Map = cv2.GaussianBlur(ink, (0, 0), SOFTNESS).astype(np.float32, copy=False)
        self.frames = frames_of(cells)
        blurred: Map = cv2.GaussianBlur(ink, (0, 0), BLUR).astype(np.float32, copy=False)
        self.views = [(view(blurred, frame, 1), view(blurred, frame, -1)) for frame in self.frames]

        self._patches: dict[int, list[Place]] = {}

    def patches(self, size: int, grid: Place) -> list[Place]:
        """Give the patches of this size with most structure; found once, for a page is laid over many others."""
        if size not in self._patches:
            self._patches[size] = patches_of(self.ink, size, grid)
        return self._patches[size]

    @classmethod
    def of(cls, cells: Cells | None) -> "Layout | None":
        """Unfold the ink of a page, if there is enough of it."""
        return None if cells is None or int(cells.sum()) < LEAST_INK else cls(cells)


def frames_of(cells: Cells) -> tuple[Frame, ...]:
    """Frame the ink by its mean and spread, by the box that holds most of it, and by the image itself."""
    ys, xs = np.nonzero(cells)
    height, width = cells.shape
    (left, right), (top, bottom) = np.percentile(xs, (4, 96)), np.percentile(ys, (4, 96))
    spread = math.sqrt(float(xs.var() + ys.var()))
    box = 0.36 * math.hypot(right - left, bottom - top)  # as large as the spread of evenly filled pages
    return (
        Frame(float(xs.mean()), float(ys.mean()), max(1.0, spread)),
        Frame(float(left + right) / 2, float(top + bottom) / 2, max(1.0, box)),
        Frame(width / 2, height / 2, 0.3 * LONG_SIDE),
    )


def patches_of(ink: Map, size: int, grid: Place) -> list[Place]:
    """Choose the patches with most structure, one of each part of the page that has any."""
    mean = cv2.boxFilter(ink, cv2.CV_32F, (size, size), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    square = cv2.boxFilter(ink * ink, cv2.CV_32F, (size, size), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    structure = np.sqrt(np.maximum(square - mean * mean, 0))[: -size or None, : -size or None]
    height, width = structure.shape
    places: list[Place] = []
    for row in range(grid[1]):
        for column in range(grid[0]):
            top, left = row * height // grid[1], column * width // grid[0]
            part = structure[top : (row + 1) * height // grid[1], left : (column + 1) * width // grid[0]]
            if part.size:
                y, x = divmod(int(part.argmax()), part.shape[1])
                if part[y, x] > LEAST_STRUCTURE:
                    places.append((left + x, top + y))
    return places


def view(blurred: Map, frame: Frame, sense: int) -> Map:
    """Look at a frame from afar, upside down if `sense` is -1: a vector; the product of two is their likeness."""
    step = sense * 4 * frame.reach / VIEW
    middle = step * (VIEW - 1) / 2
    place = np.array([[step, 0, frame.x - middle], [0, step, frame.y - middle]])
    small = cv2.warpAffine(blurred, place, (VIEW, VIEW), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    fine = (small - cv2.GaussianBlur(small, (0, 0), VIEW / 6)).astype(np.float32).ravel()
    fine -= fine.mean()
    return np.asarray(fine / max(float(np.linalg.norm(fine)), 1e-6), np.float32)
