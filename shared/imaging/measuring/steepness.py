"""How steep the edges of strokes are, against the contrast of the same edge: 0.5 a step, less the wider it is."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.page import Pixels

WAYS = 8  # directions over the half turn, each taking in half of its neighbours
NEAR = np.ones((5, 5), np.uint8)  # whose contrast an edge is held against: within it the whole step of a sharp edge
AROUND = np.ones((15, 15), np.uint8)  # whose contrast says that there is a stroke, however blurred
LEAST_CONTRAST = 16.0  # tones; grain stays below
STROKE = 0.5  # of a passage's strongest contrast an edge of its strokes has
LEAST_STEP = 0.06  # of the contrast; flatter is no edge, and a path of 25 pixels still leaves one
GRAIN = 4.5  # flatter than so many times the step that a quarter of the passage stays below is grain, not edge
RIM = 8
ENOUGH = 30  # edges in a direction to say anything of it
STEEPEST = 0.9  # the sharp edges of a direction, for ink has soft ones on any page


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a passage, in any order: how steep, and which way they face, in degrees from 0 to 180."""

    steepness: NDArray[np.float32]
    facing: NDArray[np.float32]


def edges_in(passage: Pixels) -> Edges:
    """Find the edges of strokes: where tones change most among their neighbours."""
    tones = passage.astype(np.float32)
    across = cv2.Sobel(tones, cv2.CV_32F, 1, 0, ksize=1, scale=0.5)
    down = cv2.Sobel(tones, cv2.CV_32F, 0, 1, ksize=1, scale=0.5)
    step = cv2.magnitude(across, down)
    contrast = cv2.morphologyEx(passage, cv2.MORPH_GRADIENT, AROUND).astype(np.float32)
    strong = max(LEAST_CONTRAST, STROKE * share_below(np.asarray(contrast)[::4, ::4], 0.95))
    grain = GRAIN * share_below(np.asarray(step)[::4, ::4], 0.25)
    is_edge = (step >= cv2.dilate(step, NEAR[:3, :3])) & (contrast > strong) & (step > LEAST_STEP * contrast)
    is_edge &= step > np.minimum(grain, contrast / 4)  # a blurred passage full of strokes has no quarter without
    inner = (slice(RIM, -RIM), slice(RIM, -RIM))
    is_edge = is_edge[inner]
    near = cv2.morphologyEx(passage, cv2.MORPH_GRADIENT, NEAR)[inner][is_edge]
    facing = np.degrees(np.arctan2(down[inner][is_edge], across[inner][is_edge])) % 180
    steepness = step[inner][is_edge] / np.maximum(near, 1)
    return Edges(steepness.astype(np.float32, copy=False), facing.astype(np.float32, copy=False))


def steepness_of(edges: list[Edges]) -> float | None:
    """Give how steep the sharp edges of passages are in the direction where they are least so; None without edges."""
    steepness = np.concatenate([each.steepness for each in edges])
    facing = np.concatenate([each.facing for each in edges])
    width = 180 / WAYS
    found = []
    for way in range(WAYS):
        here = steepness[np.abs((facing - way * width + 90) % 180 - 90) <= width]
        if len(here) >= ENOUGH:
            found.append(share_below(here, STEEPEST))
    if found:
        return min(found)
    return share_below(steepness, STEEPEST) if len(steepness) else None


def share_below(values: NDArray[Any], share: float) -> float:
    """Give the value below which a share lies; NumPy's own percentiles take ten times as long on so few."""
    place = round(share * (values.size - 1))
    return float(np.partition(values, place, axis=None)[place])
