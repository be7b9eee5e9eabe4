"""Windows on lines of text: small pieces of the page, each as high as three x-heights with the x-height in its middle.

Everything here is even: a page turned half round gives the same windows turned half round, so that what reads them
can compare both ways up without a bias from where they were cut.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Page

Floats = NDArray[np.float32]

HEIGHT, WIDTH = 24, 48  # of a window, in its own pixels; a third of the height is x-height
WIDEST_SKEW = 16
BLOCK = 96  # pixels at a quarter size within which lines are straight enough for a search in whole degrees
STRIP = 48  # pixels at half size: several letters, and a line is level enough within them
LEAST_CORE, MOST_CORE = 2.5, 30.0  # x-heights in pixels at half size
FAINTEST = 8.0  # tones by which ink is darker than paper
MOST_WINDOWS = 64
LEAST_SPREAD, LEAST_SPREAD_SHARE = 4.0, 0.12  # of the tones of a window with ink in it


@dataclass(frozen=True, slots=True)
class Direction:
    """Lines that run across the image, once it has been turned by `quarters` quarter turns clockwise and by `degrees`.

    `strength` says how strongly rows of ink and rows of paper alternate.
    """

    quarters: int
    degrees: float
    strength: float


class Darkness:
    """How much darker than its surroundings a page is, at half and at a quarter of its reduced size, borders aside."""

    def __init__(self, page: Page) -> None:
        self.grey = page.grey
        half = np.asarray(cv2.resize(page.grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        self.half = half
        reach = 2 * max(3, max(half.shape) // 60) + 1
        around = cv2.blur(half, (reach, reach), borderType=cv2.BORDER_REPLICATE)
        dark = np.asarray(cv2.subtract(around, half), np.uint8)
        off = cv2.dilate((~page.paper.mask).astype(np.uint8), np.ones((5, 5), np.uint8))
        dark[cv2.resize(off, half.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0
        self.dark = dark
        self.contrast = float(np.percentile(dark[::3, ::3], 99.0)) if dark.size else 0.0

    @cached_property
    def quarter(self) -> NDArray[np.uint8]:
        """Darkness at a quarter of the reduced size; black and white are cut to the page's own contrast."""
        small = np.asarray(cv2.resize(self.dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        return np.minimum(small, np.uint8(min(255.0, max(1.0, self.contrast))))


def directions_of(darkness: Darkness) -> tuple[Direction, Direction]:
    """Give the best angle of lines that run across and of lines that run down."""
    small = darkness.quarter
    return direction(small, 0), direction(np.ascontiguousarray(np.rot90(small, -1)), 1)


def direction(small: NDArray[np.uint8], quarters: int) -> Direction:
    """Find the angle at which rows of ink and rows of paper alternate most, in blocks side by side."""
    least = np.uint8(max(FAINTEST / 2, float(small.max()) / 3))
    ys, xs = np.nonzero(small > least)
    if len(ys) < 50:
        return Direction(quarters, 0.0, 0.0)
    step = max(1, len(ys) // 12_000)
    ys, xs = ys[::step].astype(np.float32), xs[::step]
    blocks = max(1, round(small.shape[1] / BLOCK))
    block = (xs * blocks // small.shape[1]).astype(np.int32)
    across = (xs - (block + 0.5) * (small.shape[1] / blocks)).astype(np.float32)
    room = small.shape[0] + BLOCK
    base = block * room + BLOCK // 2

    def alternation(degrees: float) -> float:
        rows = (ys + across * np.float32(math.tan(math.radians(degrees)))).astype(np.int32) + base
        counts = np.bincount(rows, minlength=room * blocks).astype(np.float32)
        steps = counts[2:] - counts[:-2]
        return float(steps @ steps)

    angles = [float(degrees) for degrees in range(-WIDEST_SKEW, WIDEST_SKEW + 1)]
    found = [alternation(degrees) for degrees in angles]
    best = int(np.argmax(found))
    shift = 0.0
    if 0 < best < len(found) - 1:
        before, at, after = found[best - 1 : best + 2]
        shift = 0.5 * (before - after) / (before - 2 * at + after) if before + after < 2 * at else 0.0
    return Direction(quarters, angles[best] + shift, found[best] / (float(np.median(found)) + 1e-6))


def windows_of(darkness: Darkness, way: Direction, most: int = MOST_WINDOWS) -> Floats:
    """Cut windows out of lines that run one way, levelled: (count, HEIGHT, WIDTH), ink positive, each of mean 0."""
    rows, columns = darkness.half.shape
    size = (rows, columns) if way.quarters else (columns, rows)
    middle = (size[0] - 1) / 2, (size[1] - 1) / 2
    back = np.asarray(cv2.invertAffineTransform(cv2.getRotationMatrix2D(middle, -way.degrees, 1.0)), np.float64)
    if way.quarters:  # a quarter turn clockwise: what is y there is x here, what is x there counts from the bottom
        back = np.array([back[1], (0, 0, rows - 1) - back[0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    level = np.asarray(cv2.warpAffine(darkness.dark, back, size, flags=flags), np.uint8)
    places = places_of(level, darkness.contrast)
    if len(places) > most:
        places = places[np.linspace(0, len(places) - 1, most).round().astype(int)]
    large = places[:, 2] > HEIGHT / 3
    cut = [cut_from(darkness.half, 1.0, back, places[large]), cut_from(darkness.grey, 2.0, back, places[~large])]
    return normalised(np.concatenate(cut), darkness.contrast)


def places_of(level: NDArray[np.uint8], contrast: float) -> Floats:
    """Find x-heights: rows x, y, height at half size of what is dark in a strip, between what is lighter."""
    rows, columns = level.shape
    strip = min(STRIP, columns)
    strips = columns // strip
    left = (columns - strips * strip) // 2
    within = level[:, left : left + strips * strip]
    inked = cv2.resize(within, (strips, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    profile = cv2.blur(inked, (1, 3))
    reach = np.ones((2 * 20 + 1, 1), np.uint8)
    top, low = cv2.dilate(profile, reach), cv2.erode(profile, reach)
    core = (profile > (top + low) / 2) & (top - low > max(FAINTEST / 4, contrast / 12))
    edges = np.diff(np.pad(core.astype(np.int8), ((1, 1), (0, 0))), axis=0)
    starts, ends = np.nonzero(edges.T == 1), np.nonzero(edges.T == -1)
    heights = (ends[1] - starts[1]).astype(np.float32)
    centres = (ends[1] + starts[1] - 1).astype(np.float32) / 2
    across = (starts[0].astype(np.float32) + 0.5) * strip + (left - 0.5)
    found: Floats = np.stack([across, centres, heights], axis=1)
    return found[(heights >= LEAST_CORE) & (heights <= MOST_CORE)]


def cut_from(source: NDArray[np.uint8], factor: float, back: NDArray[np.float64], places: Floats) -> NDArray[np.uint8]:
    """Cut windows round places from an image `factor` times as large as the half size; `back` leads from them to it."""
    if not len(places):
        return np.zeros((0, HEIGHT, WIDTH), np.uint8)
    scale = (places[:, 2] / (HEIGHT / 3))[:, None, None]
    x = places[:, 0, None, None] + scale * (np.arange(WIDTH, dtype=np.float32) - (WIDTH - 1) / 2)
    y = places[:, 1, None, None] + scale * (np.arange(HEIGHT, dtype=np.float32) - (HEIGHT - 1) / 2)[:, None]
    (xx, xy, x0), (yx, yy, y0) = back.astype(np.float32)
    shift = (factor - 1) / 2  # from the middle of a pixel of one size to that of the other
    columns = ((xx * x + xy * y + x0) * factor + shift).astype(np.float32).reshape(-1, WIDTH)
    rows = ((yx * x + yy * y + y0) * factor + shift).astype(np.float32).reshape(-1, WIDTH)
    cut = cv2.remap(source, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8).reshape(-1, HEIGHT, WIDTH)


def normalised(windows: NDArray[np.uint8], contrast: float) -> Floats:
    """Make ink positive, and every window of mean 0 and the same spread; those without ink are left out."""
    dark = 255 - windows.astype(np.float32)
    dark -= dark.mean(axis=(1, 2), keepdims=True)
    spread = dark.std(axis=(1, 2), keepdims=True)
    inked = spread.ravel() > max(LEAST_SPREAD, contrast * LEAST_SPREAD_SHARE)
    even: Floats = np.clip(dark[inked] / spread[inked], -3, 4)
    return even
