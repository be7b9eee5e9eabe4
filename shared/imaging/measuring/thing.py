"""A thing that lies on the page from an edge inwards: its size, its shape, its colour beside the paper's."""

from dataclasses import dataclass

import cv2
import numpy as np

from shared.imaging.measurement import Part
from shared.imaging.measuring.page import Box, Pixels

NEAR = np.ones((3, 3), np.uint8)
RIM = 3  # pixels looked at round a thing
PAPER, BLACK = 178, 60  # lightness of 8 bits, the paper made white: lighter is paper, darker may be a surround
LEFT, TOP, RIGHT, BOTTOM = range(4)
GREY = 128  # a* and b* of no colour
FEW = 4
LEAST_DARKER = 8.0


@dataclass(frozen=True, slots=True)
class Thing:
    """`depth` from the edge and `breadth` along it in millimetres; `solidity` the share of its convex outline.

    `on_paper` is the share of its surroundings, black ones aside, that is paper, `off_black` the share not black.
    `darker` than the paper, `red` (a*), `yellow` (b*) and `yellow_of_paper` in 8-bit CIE L*a*b*, `shading` the standard
    deviation of its lightness within; `sharpness` the step at its outline as a share of `darker`.
    """

    part: Part
    depth: float
    breadth: float
    solidity: float
    on_paper: float
    off_black: float
    darker: float
    red: float
    yellow: float
    yellow_of_paper: float
    shading: float
    sharpness: float


def thing_of(mask: Pixels, colours: Pixels, box: Box, side: int, millimetre: float) -> Thing:
    """Describe what a mask shows in an image in CIE L*a*b*; `box` is round it, `side` is the edge it comes from."""
    height, width = mask.shape
    left, top, right, bottom = box
    around = slice(max(0, top - RIM), bottom + RIM), slice(max(0, left - RIM), right + RIM)
    filled, hull = outlines_of(np.ascontiguousarray(mask[around]))
    light, reds, yellows = (np.ascontiguousarray(colours[around][..., channel]) for channel in range(3))
    ring = cv2.subtract(grown(filled, 2), grown(filled, 1)) > 0
    coloured = ring & (light >= BLACK)
    beside = coloured if coloured.any() else ring
    within = shrunk(filled, 1) > 0
    within = within if np.count_nonzero(within) >= FEW else filled > 0
    deep = light[shrunk(filled, 2) > 0]
    darker = float(np.median(light[beside])) - float(np.median(light[within])) if beside.any() else 0.0
    band = cv2.subtract(grown(filled, 1), cv2.erode(filled, NEAR)) > 0
    step = float(np.median(cv2.morphologyEx(light, cv2.MORPH_GRADIENT, NEAR)[band]))
    lines = (mask[:, :2].any(axis=1), mask[:2].any(axis=0), mask[:, -2:].any(axis=1), mask[-2:].any(axis=0))
    return Thing(
        part=(round(left / width, 3), round(top / height, 3), round(right / width, 3), round(bottom / height, 3)),
        depth=(right - left if side in (LEFT, RIGHT) else bottom - top) / millimetre,
        breadth=float(np.count_nonzero(lines[side])) / millimetre,
        solidity=float(np.count_nonzero(filled)) / max(1, int(np.count_nonzero(hull))),
        on_paper=float((light[coloured] >= PAPER).mean()) if coloured.any() else 0.0,
        off_black=float(np.count_nonzero(coloured)) / max(1, int(np.count_nonzero(ring))),
        darker=darker,
        red=float(np.median(reds[within])) - GREY,
        yellow=float(np.median(yellows[within])) - GREY,
        yellow_of_paper=float(np.median(yellows[beside])) - GREY if beside.any() else 0.0,
        shading=float(deep.std()) if deep.size >= FEW else 0.0,
        sharpness=step / max(LEAST_DARKER, abs(darker)),
    )


def outlines_of(mask: Pixels) -> tuple[Pixels, Pixels]:
    """Give a mask with its holes filled, as highlights leave them, and its convex hull."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=len)
    filled, hull = np.zeros_like(mask), np.zeros_like(mask)
    cv2.drawContours(filled, [outline], -1, 1, -1)
    cv2.drawContours(hull, [cv2.convexHull(outline)], -1, 1, -1)
    return filled, hull


def grown(mask: Pixels, by: int) -> Pixels:
    """Grow a mask by some pixels."""
    return np.asarray(cv2.dilate(mask, NEAR, iterations=by), np.uint8)


def shrunk(mask: Pixels, by: int) -> Pixels:
    """Shrink a mask by some pixels, but not where the image ends."""
    wider = cv2.copyMakeBorder(mask, by, by, by, by, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.erode(wider, NEAR, iterations=by), np.uint8)[by:-by, by:-by]
