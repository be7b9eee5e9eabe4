"""A decoded page as the measures see it: reduced once in colour and in grey, with the full pixels at hand in part."""

import math
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.imaging.measuring.border import STEP, Paper, paper_of
from shared.imaging.measuring.ink import Tones, ink_of, tones_on

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
REDUCED = 2000
A4 = 297.0
LEAST_DPI = 100  # 72 and 96 are what cameras and programs write down without knowing
LEAST = 32  # a file may hold a single pixel, and no measure needs to know

cv2.setNumThreads(1)  # pages are measured side by side in processes, never by threads


class Page:
    """The pixels of a page.

    `image` is whole, in RGB or 8-bit grey. `colour` (height, width, 3; RGB) and `grey` (height, width) are its means
    over `factor` by `factor` pixels, so that the long side has at most 2000: about 150 dpi of an A4 page scanned at
    300. Coordinates are of the reduced image unless something else is said.
    """

    def __init__(self, image: Image.Image, dpi: float | None = None) -> None:
        self.image = image = image if min(image.size) >= LEAST else image.resize(at_least(image.size))
        self.factor = max(1, math.ceil(max(image.size) / REDUCED))
        self.reduced = image if self.factor == 1 else image.reduce(self.factor)
        self.dpi = dpi / self.factor if dpi else None

    @property
    def millimetre(self) -> float:
        """How many reduced pixels make a millimetre; without a believable resolution as if the page were A4."""
        return self.dpi / 25.4 if self.dpi and self.dpi * self.factor >= LEAST_DPI else max(self.grey.shape) / A4

    @cached_property
    def colour(self) -> Pixels:
        """The reduced page in RGB; a grey one has three equal channels."""
        pixels: Pixels = np.asarray(self.reduced if self.reduced.mode == "RGB" else self.reduced.convert("RGB"))
        return pixels

    @cached_property
    def grey(self) -> Pixels:
        """The reduced page in grey."""
        if self.reduced.mode == "L":
            return np.asarray(self.reduced)
        grey: Pixels = cv2.cvtColor(self.colour, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        return grey

    def grey_at(self, box: Box) -> Pixels:
        """Cut a part out at full resolution, in grey; `box` is left, top, right, bottom in full pixels."""
        part = self.image.crop(box)
        return np.asarray(part if part.mode == "L" else part.convert("L"))

    @cached_property
    def small(self) -> Pixels:
        """The reduced page at a quarter of its size each way, RGB or grey as it is."""
        height, width = max(1, self.reduced.height // STEP), max(1, self.reduced.width // STEP)
        return np.asarray(self.reduced.reduce(STEP))[:height, :width]

    @cached_property
    def sampled(self) -> Pixels:
        """Every STEP-th pixel of the reduced page each way, as it is and no mean, RGB or grey."""
        pixels = self.grey if self.reduced.mode == "L" else self.colour
        return np.ascontiguousarray(pixels[::STEP, ::STEP])

    @cached_property
    def sampled_grey(self) -> Pixels:
        """Every STEP-th pixel of the reduced page in grey."""
        return np.ascontiguousarray(self.grey[::STEP, ::STEP])

    @cached_property
    def paper(self) -> Paper:
        """Where the paper lies in the image."""
        return paper_of(self.small)

    @cached_property
    def steps(self) -> Pixels:
        """How far the tones within five pixels lie apart, at every second pixel each way."""
        gradient = cv2.morphologyEx(self.grey, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
        return np.ascontiguousarray(gradient[::2, ::2])

    @cached_property
    def ink(self) -> NDArray[np.bool_]:
        """What is darker than the paper round it."""
        return ink_of(self.tones)

    @cached_property
    def ink_share(self) -> float:
        """The share of the page that is ink."""
        return cv2.countNonZero(self.ink.view(np.uint8)) / self.ink.size

    @cached_property
    def tones(self) -> Tones:
        """How dark everything is beside the paper round it."""
        small = self.small if self.small.ndim == 2 else cv2.cvtColor(self.small, cv2.COLOR_RGB2GRAY)
        return tones_on(self.grey, np.asarray(small, np.uint8), self.paper)


def at_least(size: tuple[int, int]) -> tuple[int, int]:
    """Give a size whose sides are both long enough to be measured."""
    return max(LEAST, size[0]), max(LEAST, size[1])
