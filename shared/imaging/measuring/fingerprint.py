"""A page's fingerprint: its ink on a coarse grid, upright, without what changes when the page is scanned again."""

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.comparing.fingerprint import DARKEST, LEAST_SIDE, LONG_SIDE, Shades, packed
from shared.imaging.measuring.page import Page

Pixels = NDArray[np.uint8]

Cells = NDArray[np.bool_]

CELL = 2  # pixels of the working image a side
STROKE = 15  # pixels: what is darker than its surroundings and narrower than this (5 mm of A4) is ink
NEARBY = 9.5  # cells over which the strength of ink is compared
DARK = 0.45  # of the tone of light paper: what is darker is no paper, and its grain no ink
HOLE = (5, 13)  # cells across
STRAY = 0.2  # of a hole's own area may be ink round it
MARGIN = 38  # cells from an edge in which holes are punched
EDGE = 5  # cells at the rim of the image, where lids and cut paper are seen


def fingerprint_of(page: Page, skew_degrees: float | None = None, quarter_turns: int = 0) -> str:
    """Give the fingerprint of a page turned by so many quarters counter-clockwise, its lines by so much beside that."""
    shades = shades_of(darkness_of(page.grey, skew_degrees or 0.0))
    return packed(np.ascontiguousarray(np.rot90(shades, -quarter_turns)))


def darkness_of(grey: Pixels, skew_degrees: float) -> NDArray[np.float32]:
    """Say how much darker than the paper round it each cell is, 0 to 255: of a page brought upright."""
    small = upright(grey, skew_degrees)
    paper = cv2.morphologyEx(cv2.blur(small, (3, 3)), cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    lit = max(1, int(DARK * np.percentile(paper[::8, ::8], 90)))
    darker = cv2.divide(cv2.subtract(paper, small), np.maximum(paper, np.uint8(lit)), scale=255.0)
    height, width = (side // CELL for side in small.shape)
    return cv2.resize(darker, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)


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


def shades_of(darkness: NDArray[np.float32]) -> Shades:
    """Shade the cells from bare paper to as dark as the ink nearby; grain, and what is much fainter, is paper."""
    above = darkness - np.median(darkness[::2, ::2])
    grain = 1.4826 * float(np.median(np.abs(above[::2, ::2])))
    ink = np.where(above > 4 * grain + 3, above, np.float32(0))
    weighted = ink * ink
    strength = float(weighted.sum()) / max(float(ink.sum()), 1.0)
    nearby = cv2.GaussianBlur(weighted, (0, 0), NEARBY) / np.maximum(cv2.GaussianBlur(ink, (0, 0), NEARBY), 0.05)
    darkest = np.maximum(np.maximum(8 * grain + 8, nearby), 0.3 * strength)
    lightest = np.maximum(np.maximum(1.8 * grain + 1.8, 0.14 * nearby), 0.04 * strength)
    share = np.clip((above - lightest) / (darkest - lightest), 0, 1)
    shades: Shades = np.round(DARKEST * share).astype(np.uint8)
    shades[:EDGE], shades[-EDGE:], shades[:, :EDGE], shades[:, -EDGE:] = 0, 0, 0, 0
    shades[cv2.dilate(holes_of(shades > DARKEST // 2).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    return shades


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
