"""Where the paper ends and the scanner's lid, a neighbouring page or a black surround begins."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.imaging.measuring.gutter import beyond_gutter, middle_gutter

Tones = NDArray[np.uint8]
Mask = NDArray[np.bool_]

STEP = 4
STROKE = 5  # closing by as much takes the text away and leaves what is broad: 3 mm of an A4 page
DARK = (0.3, 0.6)  # what is darker than this share of the paper's tone is none; the split of tones decides between
APART = 10  # tones by which a lid differs from the paper
SOLID = 0.93  # share of its convex hull that a sheet fills at least
LEAST_OF_LARGEST = 0.3
RING = 3
LEAST_OF_RING = 0.04
LEAST_LIGHT = 0.2  # share of the image: what is less and no sheet is writing


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper in a page's image.

    `mask` is true on paper, at a quarter of the reduced page's size each way; `border_share` is the share of the image
    outside it; `tone` is the paper's tone in its darkest channel; `gutter` is where it parts the image into two pages,
    as a share of the width, or None.
    """

    mask: Mask
    border_share: float
    tone: float
    gutter: float | None = None


def paper_of(small: Tones) -> Paper:
    """Find the paper in a small page, RGB or grey: all that is neither dark nor lid from an edge inwards.

    Paper is light in all of its channels, tables and covers are not, and a white lid is whiter than paper in blue.
    """
    darkest = small
    if small.ndim == 3:
        red, green, blue = cv2.split(small)
        darkest = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    closed = np.asarray(cv2.morphologyEx(darkest, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8)), np.uint8)
    tone, dark = tone_of(closed)
    outside = surround_of(closed, tone, dark)
    for lid in tones_of_ring(closed, outside, tone):
        with_lid = outside | lid_of(closed, lid, tone)
        if is_sheet(~with_lid):
            outside = with_lid
    outside |= beyond_gutter(closed, outside)
    mask = largest_of(~outside)
    if mask.mean() < LEAST_LIGHT and not is_sheet(mask):  # white writing on black, as photostats have
        outside, mask = np.zeros_like(mask), np.ones_like(mask)
    return Paper(mask, round(1 - float(mask.mean()), 4), tone, middle_gutter(closed, outside))


def tone_of(closed: Tones) -> tuple[float, float]:
    """Give the paper's tone, and the tone below which something cannot be paper."""
    split, _ = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    height, width = closed.shape
    tone = median_of(counts_of(closed[height // 5 : height * 4 // 5, width // 5 : width * 4 // 5]))
    counts, above = counts_of(closed), int(split) + 1
    light, rest = counts.copy(), counts[:above]
    light[:above] = 0
    if rest.sum() and light.sum() > 0.1 * closed.size:
        lit = median_of(light)
        if lit * DARK[1] > float(rest @ np.arange(above)) / float(rest.sum()):
            tone = lit  # much dark, and no mere lamp or window beside it: the light is the paper
    return tone, float(np.clip(split, DARK[0] * tone, DARK[1] * tone))


def counts_of(tones: Tones) -> NDArray[np.float64]:
    """Count how often each tone comes."""
    return np.asarray(cv2.calcHist([tones], [0], None, [256], [0, 256]), np.float64).ravel()


def median_of(counts: NDArray[np.float64]) -> float:
    """Give the tone in the middle of those counted."""
    summed = np.cumsum(counts)
    return float(np.searchsorted(summed, summed[-1] / 2))


def surround_of(closed: Tones, tone: float, dark: float) -> Mask:
    """Give the dark from the edges inwards; in a dim photograph only as dark as leaves a sheet with straight sides."""
    outside = np.zeros(closed.shape, dtype=bool)
    for limit in (dark, (dark + DARK[0] * tone) / 2, DARK[0] * tone):
        outside = from_edges(closed < limit)
        if is_sheet(~outside):
            return outside
    return outside if not outside.all() else np.zeros_like(outside)


def is_sheet(mask: Mask) -> bool:
    """Say whether a region fills its convex hull, as sheets of paper do and parts of one do not."""
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) < 2:
        return False
    first, last = mask[rows].argmax(axis=1), mask.shape[1] - 1 - mask[rows][:, ::-1].argmax(axis=1)
    corners = np.concatenate([np.stack([first, rows], 1), np.stack([last, rows], 1)]).astype(np.int32)
    hull = float(cv2.contourArea(cv2.convexHull(corners)))
    return hull > 0 and float(mask.sum()) >= SOLID * hull


def largest_of(mask: Mask) -> Mask:
    """Give the largest sheet, and others nearly as large; a strip beyond a black gap is a neighbour."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    if count == 2:
        return mask  # one sheet, as nearly always
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    is_sheet_of_its_own = (areas >= LEAST_OF_LARGEST * areas.max()) & (areas > 0)
    return np.asarray(is_sheet_of_its_own[labels], bool)


def from_edges(region: Mask) -> Mask:
    """Give the part of a region that touches an edge of the image."""
    padded = cv2.copyMakeBorder(region.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(padded, None, (0, 0), 2)
    return np.asarray(padded[1:-1, 1:-1] == 2)


def tones_of_ring(closed: Tones, outside: Mask, tone: float) -> list[int]:
    """Give the tones that are frequent along the edges of the image and are not the paper's."""
    ring = np.ones(closed.shape, dtype=bool)
    ring[RING:-RING, RING:-RING] = False
    tones = closed[ring & ~outside]
    counts = np.convolve(np.bincount(tones, minlength=256), np.ones(7), "same")
    found: list[int] = []
    while True:
        peak = int(np.argmax(counts))
        if counts[peak] < LEAST_OF_RING * ring.sum():
            return found
        if abs(peak - tone) >= APART:
            found.append(peak)
        counts[max(0, peak - APART) : peak + APART + 1] = 0


def lid_of(closed: Tones, lid: int, tone: float) -> Mask:
    """Give what has a lid's tone from an edge inwards if it ends in a step: light that fades is the paper's own."""
    reach = min(20.0, abs(lid - tone) / 2)
    region = from_edges(cv2.absdiff(closed, np.full_like(closed, lid)) <= reach)
    kernel = np.ones((3, 3), np.uint8)
    as_bytes = region.view(np.uint8)
    inner = cv2.subtract(as_bytes, cv2.erode(as_bytes, kernel, iterations=2))
    outer = cv2.subtract(cv2.dilate(as_bytes, kernel, iterations=2), as_bytes)
    is_most = cv2.countNonZero(as_bytes) > 0.7 * region.size
    if is_most or not cv2.countNonZero(inner) or not cv2.countNonZero(outer):
        return np.zeros_like(region)
    step = abs(cv2.mean(closed, inner)[0] - cv2.mean(closed, outer)[0])
    return region if step >= abs(lid - tone) / 2 else np.zeros_like(region)
