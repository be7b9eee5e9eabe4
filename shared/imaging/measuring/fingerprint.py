"""A page's fingerprint: its ink on a coarse grid, upright, without what changes when the page is scanned again."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.fingerprint import LEAST_SIDE, LONG_SIDE, Cells, packed
from shared.imaging.measuring.page import Page

Pixels = NDArray[np.uint8]

CELL = 3  # pixels of the working image a side
STROKE = 17  # pixels: what is darker than its surroundings and narrower than this (5 mm of A4) is ink
RULE = 201  # pixels: letters touch, but words end before this (62 mm of A4); rules and edges of paper do not
NEARBY = 7.5  # cells over which the strength of ink is compared
DARK = 0.45  # of the tone of light paper: what is darker is no paper, and its grain no ink
HOLE = (4, 10)  # cells across
STRAY = 0.2  # of a hole's own area may be ink round it
MARGIN = 30  # cells from an edge in which holes are punched
EDGE = 4  # cells at the rim of the image, where lids and cut paper are seen


def fingerprint_of(page: Page, skew_degrees: float | None = None) -> str:
    """Give the fingerprint of a page whose lines are turned by so much."""
    return packed(inked(darkness_of(page.grey, skew_degrees or 0.0)))


def darkness_of(grey: Pixels, skew_degrees: float) -> NDArray[np.float32]:
    """Say how much darker than the paper round it each cell is, 0 to 255: of a page brought upright, without rules."""
    small = upright(grey, skew_degrees)
    paper = cv2.morphologyEx(cv2.blur(small, (3, 3)), cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    lit = max(1, int(DARK * np.percentile(paper[::8, ::8], 90)))
    darker = cv2.divide(cv2.subtract(paper, small), np.maximum(paper, np.uint8(lit)), scale=255.0)
    unruled = cv2.subtract(darker, rules_of(np.asarray(darker, np.uint8)))
    height, width = (side // CELL for side in small.shape)
    return cv2.resize(unruled, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


def upright(grey: Pixels, skew_degrees: float) -> Pixels:
    """Bring a page to the working size and its lines level, at once."""
    share = CELL * LONG_SIDE / max(grey.shape)
    height, width = (CELL * max(LEAST_SIDE, round(side * share / CELL)) for side in grey.shape)
    turn = cv2.getRotationMatrix2D((grey.shape[1] / 2, grey.shape[0] / 2), -skew_degrees, 1)
    turn[0] *= width / grey.shape[1]
    turn[1] *= height / grey.shape[0]
    smooth = cv2.GaussianBlur(grey, (3, 3), 0) if share < 0.75 else grey  # against moiré
    small = cv2.warpAffine(smooth, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(small, np.uint8)


def rules_of(darker: Pixels) -> Pixels:
    """Mark, with 255, the long straight lines: rules of a form, edges of paper."""
    above = max(20.0, 2.5 * float(np.median(darker[::8, ::8])) + 10)
    _, dark = cv2.threshold(darker, above, 1, cv2.THRESH_BINARY)
    across = runs_of(dark[:, ::CELL], (RULE // CELL, 1))
    down = runs_of(dark[::CELL], (1, RULE // CELL))
    return np.maximum(
        *(cv2.resize(each, darker.shape[::-1], interpolation=cv2.INTER_NEAREST) for each in (across, down))
    )


def runs_of(dark: cv2.typing.MatLike, run: tuple[int, int]) -> Pixels:
    """Mark, with 255, what lies in or close to a dark run that is as long; sums cost the same however long it is."""
    whole = cv2.boxFilter(dark, cv2.CV_32F, run, normalize=False, borderType=cv2.BORDER_CONSTANT)
    _, middles = cv2.threshold(whole, max(run) - 0.5, 1, cv2.THRESH_BINARY)
    near = (max(run[0], 7), max(run[1], 7))
    marked = cv2.boxFilter(middles, cv2.CV_32F, near, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.threshold(marked, 0.5, 255, cv2.THRESH_BINARY)[1].astype(np.uint8))


def inked(darkness: NDArray[np.float32]) -> Cells:
    """Say which cells hold ink: clear of the paper's grain, and not much fainter than the ink nearby or elsewhere."""
    above = darkness - np.median(darkness[::2, ::2])
    grain = 1.4826 * float(np.median(np.abs(above[::2, ::2])))
    ink = np.where(above > 4 * grain + 3, above, np.float32(0))
    weighted = ink * ink
    strength = float(weighted.sum()) / max(float(ink.sum()), 1.0)
    nearby = cv2.GaussianBlur(weighted, (0, 0), NEARBY) / np.maximum(cv2.GaussianBlur(ink, (0, 0), NEARBY), 0.05)
    cells = np.asarray(above > np.maximum(np.maximum(5 * grain + 5, 0.4 * nearby), 0.12 * strength))
    cells[:EDGE], cells[-EDGE:], cells[:, :EDGE], cells[:, -EDGE:] = False, False, False, False
    return cells & ~holes_of(cells)


def holes_of(cells: Cells) -> Cells:
    """Mark the holes of punches: round, solid, alone, close to an edge; blank pages have them too."""
    height, width = cells.shape
    _, labels, parts, middles = cv2.connectedComponentsWithStats(cells.astype(np.uint8))
    sides = parts[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    least, most = sides.min(axis=1), sides.max(axis=1)
    is_round = (least >= HOLE[0]) & (most <= HOLE[1]) & (most - least <= 2)
    is_solid = parts[:, cv2.CC_STAT_AREA] >= 0.6 * least * most
    x, y = middles.T
    is_outside = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) < MARGIN
    holes = is_round & is_solid & is_outside
    for each in np.flatnonzero(holes):
        left, top, wide, high, area = (int(value) for value in parts[each])
        nearby = cells[max(0, top - high) : top + 2 * high, max(0, left - wide) : left + 2 * wide]
        holes[each] = int(nearby.sum()) <= (1 + STRAY) * area  # a letter has others beside it
    return np.asarray(holes[labels])
