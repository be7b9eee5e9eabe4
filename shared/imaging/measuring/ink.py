"""Ink: what is darker than the paper round it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.border import Paper

PAPER = 200  # what has the paper's own tone
BROAD = 13  # quarter pixels, 8 mm of an A4 page: nothing broader is taken for ink
INSIDE = 3  # quarter pixels, 2 mm: shadows and frayed edges lie along the paper's sides
CLEAR = 0.2
ABOVE_GRAIN = 4.0


@dataclass(frozen=True, slots=True)
class Tones:
    """A reduced page as shares of its paper's tone: `tones` 0 to 255, 200 where it is as light as the paper round it.

    `grey` is the page they were made of, and `light` the paper round each pixel. `inside` is 255 on the paper but for
    its very sides, else 0. `grain` is the standard deviation of the bare paper.
    """

    grey: NDArray[np.uint8]
    light: NDArray[np.uint8]
    tones: NDArray[np.uint8]
    inside: NDArray[np.uint8]
    grain: float


def tones_on(grey: NDArray[np.uint8], small: NDArray[np.uint8], paper: Paper) -> Tones:
    """Divide a page by its paper, so that ink in a shadow is as dark as ink in the light; `small` is it reduced."""
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((BROAD, BROAD), np.uint8))
    size = grey.shape[1], grey.shape[0]
    light = cv2.resize(cv2.blur(closed, (5, 5)), size, interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(grey, (3, 3), 0)
    tones = cv2.divide(soft, light, scale=PAPER).astype(np.uint8, copy=False)
    sides = cv2.copyMakeBorder(paper.mask.astype(np.uint8) * 255, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    within = cv2.erode(sides, np.ones((3, 3), np.uint8), iterations=INSIDE)[1:-1, 1:-1]
    inside = cv2.resize(within, size, interpolation=cv2.INTER_NEAREST)
    counts = np.cumsum(cv2.calcHist([tones[::2]], [0], inside[::2], [256], [0, 256]).ravel())
    middle, upper = (int(np.searchsorted(counts, share * counts[-1])) for share in (0.5, 0.84))
    centred = np.clip(np.arange(256) + PAPER - middle, 0, 255).astype(np.uint8)  # the lightest specks set the light
    return Tones(
        grey,
        light.astype(np.uint8, copy=False),
        cv2.LUT(tones, centred).astype(np.uint8, copy=False),
        inside.astype(np.uint8, copy=False),
        max(0.5, upper - middle),
    )


def ink_of(tones: Tones) -> NDArray[np.bool_]:
    """Mark ink: darker than the paper by a fifth, and by more than its grain."""
    lightest = math.ceil(PAPER - max(CLEAR * PAPER, ABOVE_GRAIN * tones.grain)) - 1
    _, dark = cv2.threshold(tones.tones, lightest, 1, cv2.THRESH_BINARY_INV)
    return np.asarray(cv2.bitwise_and(dark, tones.inside), np.uint8).view(np.bool_)
