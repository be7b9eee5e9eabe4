"""Passages: the places of a page with most edges, cut out at full resolution, where sharpness can be judged."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.border import STEP
from shared.imaging.measuring.page import Page, Pixels

SIDE = 128  # full pixels: two lines of text at 300 dpi, and quick to transform
ROWS, COLUMNS = 4, 3  # of the page, one passage from each, so that a soft stamp or a curled corner is one of many
STEEP = 80  # tones within five pixels; steeper counts no more, or the rim of a photograph would win over text
GRAIN = 2.5  # steps below so many times those of the quietest tenth are paper, not strokes
WORTH = 0.25  # of the third best passage's edges a passage must have; the best two may be rims
LEAST = 0.5  # tones of edge a pixel in the best passage; less is a blank page
ON_PAPER = 0.98


def passages_of(page: Page) -> list[Pixels]:
    """Cut out the passages of a page, SIDE by SIDE full pixels each; none of a blank page."""
    width, height = page.image.size
    boxes = [(left, top, min(left + SIDE, width), min(top + SIDE, height)) for left, top in places_of(page)]
    return [filled(page.grey_at(box)) for box in boxes]


def places_of(page: Page) -> list[tuple[int, int]]:
    """Give the left and top, in full pixels, of the block with most edges in each part of the page that has many."""
    side = max(1, SIDE // page.factor)
    richness = edges_of(page, side, GRAIN)
    found = []
    for rows in np.array_split(np.arange(richness.shape[0]), ROWS):
        for columns in np.array_split(np.arange(richness.shape[1]), COLUMNS):
            part = richness[np.ix_(rows, columns)]
            if part.size:
                row, column = np.unravel_index(int(part.argmax()), part.shape)
                found.append((float(part.max()), int(columns[column]), int(rows[row])))
    least = max(LEAST, WORTH * sorted(worth for worth, _, _ in found)[-3:][0])
    full = side * page.factor
    return [(column * full, row * full) for worth, column, row in found if worth >= least]


def edges_of(page: Page, side: int, grain: float) -> NDArray[np.float32]:
    """Give how many edges the blocks of a page have: the mean step in tones beyond `grain` times the quietest tenth's.

    Off the paper it is -1.
    """
    grey = page.grey
    rows, columns = max(1, grey.shape[0] // side), max(1, grey.shape[1] // side)
    steps = page.steps
    least = grain * float(np.percentile(steps[::4, ::4], 10)) if grain else 0.0
    beyond = np.clip(np.minimum(np.arange(256), STEEP) - least, 0, None).astype(np.uint8)
    strokes = cv2.LUT(steps, beyond)[: rows * side // 2, : columns * side // 2].astype(np.float32)
    richness = cv2.resize(strokes, (columns, rows), interpolation=cv2.INTER_AREA)
    mask = page.paper.mask[: max(1, rows * side // STEP), : max(1, columns * side // STEP)].astype(np.float32)
    on_paper = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(np.where(on_paper >= ON_PAPER, richness, -1), dtype=np.float32)


def filled(cut: Pixels) -> Pixels:
    """Bring a passage of a page that ends before it to full size, by mirroring it."""
    below, right = SIDE - cut.shape[0], SIDE - cut.shape[1]
    if not below and not right:
        return cut
    return np.asarray(cv2.copyMakeBorder(cut, 0, below, 0, right, cv2.BORDER_REFLECT), dtype=np.uint8)
