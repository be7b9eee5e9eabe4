"""The angle of the lines of text, and whether they run across or down the image."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.hollows import hollows_of
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.projection import Projection, Tones

Way = Literal["across", "down"]

WIDEST_SKEW = 15.0
ROUGHLY = np.arange(-17.0, 17.01, 0.5)
NEARBY = np.arange(-1.25, 1.251, 0.05)
ROUGHLY_NEARBY = NEARBY[::4]  # enough to see whether parts disagree
PARTS = 4
ALIKE = 0.4  # degrees
PULLED = 0.6  # degrees: hands that do not keep their lines straight differ by less
CLEAR = 1.57  # lines stand out so many times more at their own angle than at others; noise and drawings reach 1.75
UNDECIDED = 0.9  # as strong both ways: a plan or a grid rather than text
LEAST_INK = 0.03


@dataclass(frozen=True, slots=True)
class Skew:
    """How far lines are turned counter-clockwise, within ±15 degrees, from the way they run; None if nothing says it.

    `lines` says whether they run across the image or up and down it, as on a page that lies on its side, and
    `confidence`, 0 to 1, how clearly.
    """

    degrees: float | None
    lines: Way = "across"
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text sought one way: roughly their angle, how strong they are, how much they stand out."""

    strokes: Tones
    paper: Tones
    degrees: float
    strength: float
    clearness: float


def skew_of(page: Page, way: Way | None = None) -> Skew:
    """Find the angle at which the rows of a page differ most from each other: text on one, paper on the next.

    Lines are sought both ways, unless it is known which `way` they run.
    """
    strokes, paper = hollows_of(page)
    if cv2.mean(strokes)[0] < LEAST_INK:
        return Skew(None)
    across = sought(strokes, paper) if way != "down" else None
    down = sought(on_side(strokes), on_side(paper)) if way != "across" else None
    lines, *others = sorted((each for each in (across, down) if each), key=lambda each: -each.strength)
    rivalry = max((other.strength / lines.strength for other in others), default=0.0) if lines.strength else 1.0
    if lines.clearness < CLEAR or rivalry > UNDECIDED or abs(lines.degrees) > WIDEST_SKEW + 1:
        return Skew(None)
    confidence = min(1 - 1 / lines.clearness, 1 - rivalry)
    degrees = float(np.clip(refined(lines), -WIDEST_SKEW, WIDEST_SKEW))
    return Skew(round(degrees, 2) + 0.0, "across" if lines is across else "down", round(confidence, 2))


def on_side(tones: Tones) -> Tones:
    """Turn tones clockwise, so that lines that ran up run across."""
    return np.asarray(cv2.rotate(tones, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def sought(strokes: Tones, paper: Tones) -> Lines:
    """Look for lines of text: strokes that follow each other, which rules, folds and edges do not."""
    texture = np.zeros_like(strokes)
    texture[:, :-2] = cv2.subtract(strokes[:, :-2], cv2.dilate(strokes, np.ones((3, 1), np.uint8))[:, 2:])
    lettered, inked = (
        np.abs(Projection(tones, paper, 16, 2).profiles(ROUGHLY, 14, 60)) for tones in (texture, strokes)
    )
    roots, evens = np.sqrt(lettered), lettered.mean(axis=1)
    # A root makes many lines count for more than a few strong ones, as rules are.
    strength = float(roots.mean(axis=1).max() * np.sqrt(inked).mean(axis=1).max())
    uneven = (lettered * roots).sum(axis=1) * (inked * np.sqrt(inked)).sum(axis=1)
    degrees = float(ROUGHLY[int(np.argmax(uneven))])
    return Lines(strokes, paper, degrees, strength, float(evens.max() / max(float(np.median(evens)), 1e-9)))


def refined(lines: Lines) -> float:
    """Find the angle to a hundredth of a degree near the one that is roughly known.

    The whole width tells it best, unless columns side by side, whose lines are not at one height, pull it away from
    what narrower parts say, and say alike.
    """
    projection = Projection(lines.strokes, lines.paper, 8)

    def heights(angles: NDArray[np.float64], parts: int) -> NDArray[np.float32]:
        profiles = np.abs(projection.profiles(angles, 6, 100, parts))
        return np.asarray((profiles * np.sqrt(profiles)).reshape(len(angles), parts, -1).sum(axis=2), np.float32)

    angles, roughly = lines.degrees + NEARBY, lines.degrees + ROUGHLY_NEARBY
    of_whole = peak(angles, heights(angles, 1)[:, 0])
    of_parts = heights(roughly, PARTS)
    together = peak(roughly, of_parts.sum(axis=1))
    agreeing = sum(abs(peak(roughly, of_parts[:, part]) - together) < ALIKE for part in range(PARTS))
    if abs(of_whole - together) <= PULLED or agreeing < PARTS - 1:
        return of_whole
    return peak(angles, heights(angles, PARTS).sum(axis=1))


def peak(angles: NDArray[np.float64], heights: NDArray[np.float32]) -> float:
    """Give where a curve is highest: the top of the parabola through the highest point and its neighbours."""
    top = int(np.argmax(heights))
    if not 0 < top < len(heights) - 1:
        return float(angles[top])
    before, highest, after = (float(height) for height in heights[top - 1 : top + 2])
    return float(angles[top] + (angles[1] - angles[0]) * (before - after) / (2 * (before - 2 * highest + after)))
