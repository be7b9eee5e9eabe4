"""Does a finger or a clip reach over an edge of the page?"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from shared.imaging.measurement import Part
from shared.imaging.measuring.border import STEP
from shared.imaging.measuring.color_target import whitening
from shared.imaging.measuring.page import Page, Pixels
from shared.imaging.measuring.thing import Thing, thing_of

Colours = tuple[tuple[int, int, int], tuple[int, int, int]]  # from and to

HALF = 2  # of the small page: a pixel is more than a millimetre, and text is closed by three
NEAR = np.ones((3, 3), np.uint8)
LEAST_AREA, MOST_SIDE = 25.0, 75.0  # square millimetres, millimetres; broader is a border, a table or a picture
# In CIE L*a*b* of 8 bits, the paper made white: what is dark, red or blue beside it is something on it. Browned edges
# are yellow and hardly darker; what is next to black is a torn edge, a hole or the surround.
# Beside edges that have turned browner than that only what is darker still stands out.
PAPERS = ((178, 0, 117), (255, 134, 255)), ((140, 0, 117), (255, 140, 255))
BLACK = (0, 0, 0), (24, 255, 255)

# From what is none to what surely is one. Skin of any tone is redder than paper, and as yellow as it is red; metal has
# no colour but highlights, where a torn edge shows an even lid. Both fill their outline, end sharply, and lie on paper.
SOLID, ON_PAPER, SHARP = (0.78, 0.88), (0.5, 0.7), (0.3, 0.5)
DEEP, BROAD = (4.0, 8.0), (5.0, 9.0)
RED, DARKER, SKIN_BROAD = (4.0, 10.0), (10.0, 30.0), 45.0
YELLOW_BY_RED = 0.3, 2.6
SHINING, MUCH_DARKER, CLIP_BROAD = (4.0, 10.0), (20.0, 40.0), 52.0
LEAST_OFF_BLACK, MOST_RED, MOST_YELLOW = 0.8, 7.0, 26.0


@dataclass(frozen=True, slots=True)
class Intrusion:
    """`probability` from 0 to 1 that the `part` (or nothing: None) is a finger or a clip."""

    probability: float
    part: Part | None


def intrusion_of(page: Page, target: Part | None = None) -> Intrusion:
    """Judge what reaches over an edge by its colour and shape; a page in grey does not tell skin from shadow.

    Where a colour target lies at the edge nothing is said: its patches may be of any colour.
    """
    if page.reduced.mode == "L" or target:
        return Intrusion(0.0, None)
    found = [(max(skin_in(thing), clip_in(thing)), thing.part) for thing in things_of(page)]
    probability, part = max(found, default=(0.0, None), key=lambda each: each[0])
    return Intrusion(round(probability, 4), part if probability > 0 else None)


def things_of(page: Page) -> Iterator[Thing]:
    """Find what is no paper, touches one edge of the image, and is no larger than a hand's end."""
    small = page.small
    size = max(1, small.shape[1] // HALF), max(1, small.shape[0] // HALF)
    half = cv2.LUT(cv2.resize(small, size, interpolation=cv2.INTER_AREA), whitening(page)).astype(np.uint8, copy=False)
    colours = np.asarray(cv2.cvtColor(cv2.morphologyEx(half, cv2.MORPH_CLOSE, NEAR), cv2.COLOR_RGB2Lab), np.uint8)
    millimetre = page.millimetre / STEP / HALF
    for paper in PAPERS:
        yield from things_on(colours, paper, millimetre)


def things_on(colours: Pixels, paper: Colours, millimetre: float) -> Iterator[Thing]:
    """Find what is neither paper nor black; `colours` in CIE L*a*b*."""
    bare = cv2.bitwise_or(*(cv2.inRange(colours, *map(np.array, limits)) for limits in (paper, BLACK)))
    joined = cv2.morphologyEx(cv2.bitwise_not(bare), cv2.MORPH_CLOSE, NEAR, iterations=2)  # over highlights
    rest = cv2.morphologyEx(joined, cv2.MORPH_OPEN, NEAR)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(rest, connectivity=4)
    height, width = rest.shape
    for label, (left, top, across, down, area) in enumerate(boxes.tolist()[1:], start=1):
        if area < LEAST_AREA * millimetre**2 or max(across, down) > MOST_SIDE * millimetre:
            continue
        touched = (left <= 1, top <= 1, left + across >= width - 1, top + down >= height - 1)
        if sum(touched) == 1:
            box = left, top, left + across, top + down
            yield thing_of(mask_of(labels, label), colours, box, touched.index(True), millimetre)


def mask_of(labels: cv2.typing.MatLike, label: int) -> Pixels:
    """Give the mask of one thing."""
    return np.asarray(np.asarray(labels) == label, np.uint8)


def skin_in(thing: Thing) -> float:
    """Say how surely a thing is a finger."""
    yellow = thing.yellow - min(0.0, thing.yellow_of_paper)
    is_skin = YELLOW_BY_RED[0] * thing.red <= yellow <= YELLOW_BY_RED[1] * thing.red and thing.breadth <= SKIN_BROAD
    signs = shape_of(thing), between(RED, thing.red), between(DARKER, thing.darker)
    return min(signs) if is_skin else 0.0


def clip_in(thing: Thing) -> float:
    """Say how surely a thing is a clip."""
    is_grey = abs(thing.red) <= MOST_RED and abs(thing.yellow) <= MOST_YELLOW
    is_clip = is_grey and thing.breadth <= CLIP_BROAD and thing.off_black >= LEAST_OFF_BLACK
    signs = shape_of(thing), between(SHINING, thing.shading), between(MUCH_DARKER, thing.darker)
    return min(signs) if is_clip else 0.0


def shape_of(thing: Thing) -> float:
    """Say how much a thing has the shape of one that reaches over the page."""
    return min(
        between(SOLID, thing.solidity),
        between(ON_PAPER, thing.on_paper),
        between(SHARP, thing.sharpness),
        between(DEEP, thing.depth),
        between(BROAD, thing.breadth),
    )


def between(limits: tuple[float, float], value: float) -> float:
    """Give how far a value lies from the first limit to the second, 0 to 1."""
    return float(np.clip((value - limits[0]) / (limits[1] - limits[0]), 0, 1))
