"""A fingerprint unfolded for comparing: its ink, coarse and fine, its place and extent in three ways, small views."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.fingerprint import Ink

Map = NDArray[np.float32]
Place = tuple[int, int]

SOFTNESS = 0.7  # cells: ink is smeared by about as much as a cell may be misplaced
COARSE = 0.8  # of the cells a side: pages are laid over each other by larger ones, about 0.9 mm of an A4 page
COARSE_SIDE = 320
BLUR = 3.75  # coarse cells: what small views keep
INKED = 0.5
RULE = 67  # coarse cells: letters touch, but words end before this (62 mm of A4); rules and edges of paper do not
NEAR = 3  # coarse cells
VIEW = 36  # cells a side of a small view
LEAST_STRUCTURE = 0.12
LEAST_INK = 40  # coarse cells; a page with fewer has nothing to be known by, so blank pages are never alike


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the ink of a page lies and how far it reaches; of two scans of a page the same part is within."""

    x: float
    y: float
    reach: float


class Layout:
    """The ink of a page. `frames` are three guesses at what part of the image is the page's own.

    Only what is small is kept unfolded: a dossier may have thousands of pages.
    """

    def __init__(self, ink: Ink) -> None:
        self._shades = bytewise(ink)
        coarse = unruled(coarsened(ink))
        self._coarse = bytewise(coarse)
        self.frames = frames_of(coarse)
        blurred: Map = cv2.GaussianBlur(coarse, (0, 0), BLUR).astype(np.float32, copy=False)
        self.views = [(view(blurred, frame, 1), view(blurred, frame, -1)) for frame in self.frames]
        self._patches: dict[int, list[Place]] = {}

    @property
    def sizes(self) -> tuple[Place, Place]:
        """Give the height and width of the page in fine and in coarse cells."""
        (height, width), (high, wide) = self._shades.shape, self._coarse.shape
        return (height, width), (high, wide)

    @property
    def fine(self) -> Map:
        """Give the ink as the fingerprint has it, softened."""
        return softened(inked(self._shades))

    @property
    def ink(self) -> Map:
        """Give the ink in coarse cells, without rules and edges of paper, softened."""
        return softened(inked(self._coarse))

    def patches(self, size: int, grid: Place) -> list[Place]:
        """Give the patches of this size with most structure; found once, for a page is laid over many others."""
        if size not in self._patches:
            self._patches[size] = patches_of(self.ink, size, grid)
        return self._patches[size]

    @classmethod
    def of(cls, ink: Ink | None) -> "Layout | None":
        """Unfold the ink of a page, if there is enough of it."""
        return None if ink is None or np.count_nonzero(unruled(coarsened(ink)) > INKED) < LEAST_INK else cls(ink)


def coarsened(ink: Ink) -> Map:
    """Give ink in coarse cells."""
    size = round(ink.shape[1] * COARSE), round(ink.shape[0] * COARSE)
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def bytewise(ink: Map) -> NDArray[np.uint8]:
    """Keep ink in a byte a cell."""
    return np.round(255 * ink).astype(np.uint8)


def inked(kept: NDArray[np.uint8]) -> Map:
    """Give ink that was kept in a byte a cell, 0 to 1."""
    return (kept / np.float32(255)).astype(np.float32)


def unruled(ink: Map) -> Map:
    """Leave out long straight lines: they are seen in one scan and missed in another, and outweigh what is written."""
    dark = (ink > INKED).astype(np.float32)
    ruled = runs_of(dark, (RULE, 1)) | runs_of(dark, (1, RULE))
    return np.where(ruled, np.float32(0), ink)


def runs_of(dark: Map, run: Place) -> NDArray[np.bool_]:
    """Mark what lies in or close to a dark run that is as long; sums cost the same however long it is."""
    sums = cv2.boxFilter(dark, cv2.CV_32F, run, normalize=False, borderType=cv2.BORDER_CONSTANT)
    middles = (sums > max(run) - 0.5).astype(np.float32)
    near = (max(run[0], NEAR), max(run[1], NEAR))
    marked = cv2.boxFilter(middles, cv2.CV_32F, near, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(marked > 0.5)


def softened(ink: Map) -> Map:
    """Smear ink a little."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), SOFTNESS), np.float32)


def frames_of(ink: Map) -> tuple[Frame, ...]:
    """Frame the ink by its mean and spread, by the box that holds most of it, and by the image itself."""
    ys, xs = np.nonzero(ink > INKED)
    height, width = ink.shape
    (left, right), (top, bottom) = np.percentile(xs, (4, 96)), np.percentile(ys, (4, 96))
    spread = math.sqrt(float(xs.var() + ys.var()))
    box = 0.36 * math.hypot(right - left, bottom - top)  # as large as the spread of evenly filled pages
    return (
        Frame(float(xs.mean()), float(ys.mean()), max(1.0, spread)),
        Frame(float(left + right) / 2, float(top + bottom) / 2, max(1.0, box)),
        Frame(width / 2, height / 2, 0.3 * COARSE_SIDE),
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
