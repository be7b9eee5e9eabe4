"""Measure a decoded page on one reduced grey image that all measures share; runs only inside the sandbox."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

Ink = NDArray[np.bool_]
REDUCED = 1400
DARKER_BY = 40
MARGIN = 0.03
LEAST_INK = 0.0005
MOST_POINTS = 30_000
CLEAREST = 0.5
WIDEST_SKEW = 15.0
CLEAR_PEAK = 1.1
GRID, PLACES = 4, 3
EDGES = 0.005


def grey_of(image: Image.Image) -> Image.Image:
    """Give a page in 8-bit grey, whatever it was: deeper tones are scaled, not cut off."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, dtype=np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        tones = np.nan_to_num(np.asarray(image, dtype=np.float32))
        low, high = float(tones.min()), float(tones.max())
        low, high = (0.0, 65535.0) if image.mode == "I" and high > 255 and low >= 0 else (low, max(high, low + 1))
        return Image.fromarray((np.clip((tones - low) / (high - low), 0, 1) * 255).astype(np.uint8))
    if image.mode == "LAB":
        return image.getchannel(0)
    return image.convert("L")


def reduced(grey: Image.Image) -> Image.Image:
    """Reduce a page so that its long side has at most REDUCED pixels; a smaller one stays."""
    small = grey.copy()
    small.thumbnail((REDUCED, REDUCED), Image.Resampling.BOX)
    return small


def tones_of(small: Image.Image) -> dict[str, float | int]:
    """Give percentiles of tone and the shares at its ends."""
    counts = np.cumsum(small.histogram())
    p01, p50, p99 = (tone_at(counts, share) for share in (0.01, 0.5, 0.99))
    dark, light = float(counts[2] / counts[-1]), float(1 - counts[252] / counts[-1])
    return {"p01": p01, "p50": p50, "p99": p99, "clipped_dark": dark, "clipped_light": light}


def tone_at(counts: NDArray[np.int64], share: float) -> int:
    """Give the tone below which a share of pixels lies; `counts` is a histogram summed up."""
    return int(np.searchsorted(counts, share * counts[-1]))


def ink_of(small: Image.Image) -> Ink:
    """Mark pixels darker than the paper round them, away from the outer 3 % where scanners leave borders."""
    radius = max(3, max(small.size) // 40)
    paper = np.asarray(small.filter(ImageFilter.BoxBlur(radius)), dtype=np.int16)
    ink = (paper - np.asarray(small, dtype=np.int16)) > DARKER_BY
    rows, columns = (max(1, int(length * MARGIN)) for length in ink.shape)
    ink[:rows], ink[-rows:], ink[:, :columns], ink[:, -columns:] = False, False, False, False
    return ink


def skew_of(ink: Ink) -> float | None:
    """Find the angle at which lines of text are most even, counter-clockwise positive, in degrees.

    Projection profile (Postl 1986): the sum of squared row counts is greatest when text lines run along the rows.
    None without enough ink, or when no angle stands out: a sideways page and a drawing have no lines to go by.
    """
    ys, xs = np.nonzero(ink)
    if len(ys) < 500:
        return None
    step = max(1, len(ys) // MOST_POINTS)
    x, y = xs[::step].astype(np.float32) - ink.shape[1] / 2, ys[::step].astype(np.float32)

    def evenness(degrees: float) -> float:
        rows = (y + x * np.float32(np.tan(np.radians(degrees)))).astype(np.int32)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float(counts @ counts)

    angles = np.arange(-WIDEST_SKEW, WIDEST_SKEW + 0.25, 0.5)
    evenness_at = [evenness(float(angle)) for angle in angles]
    if max(evenness_at) < CLEAR_PEAK * float(np.median(evenness_at)):
        return None
    best = float(angles[int(np.argmax(evenness_at))])
    for span, fineness in ((0.5, 0.1), (0.1, 0.02)):
        near = np.clip(np.arange(best - span, best + span + fineness / 2, fineness), -WIDEST_SKEW, WIDEST_SKEW)
        best = max((float(angle) for angle in near), key=evenness)
    return round(best, 2) + 0.0  # no minus zero


def sharpness_of(image: Image.Image, ink: Ink) -> float | None:
    """Give how steep the steepest edges are for their contrast, 0 to 1; None on a page without ink.

    Judged at full resolution where most ink is, and by the sharpest of those places, so that neither a sparse page
    nor one with a soft stamp is called blurred.
    """
    if float(np.mean(ink)) < LEAST_INK:
        return None
    return max(sharpness_at(grey_of(image.crop(box)), share) for box, share in places_with_ink(ink, image.size))


def places_with_ink(ink: Ink, size: tuple[int, int]) -> list[tuple[tuple[int, int, int, int], float]]:
    """Divide a page into GRID by GRID blocks and give the inkiest: their box in pixels of `size`, their ink's share."""
    shares = {}
    for row, band in enumerate(np.array_split(ink, GRID, axis=0)):
        for column, block in enumerate(np.array_split(band, GRID, axis=1)):
            shares[column, row] = float(np.mean(block)) if block.size else 0.0
    width, height = size
    inkiest = sorted(shares, key=lambda at: -shares[at])[:PLACES]
    return [
        ((width * x // GRID, height * y // GRID, width * (x + 1) // GRID, height * (y + 1) // GRID), shares[x, y])
        for x, y in inkiest
        if shares[x, y]
    ]


def sharpness_at(grey: Image.Image, ink_share: float) -> float:
    """Judge one place by its steepest steps, one for 200 points of ink, both ways: what moved is sharp one way."""
    if not all(grey.size):
        return 0.0
    tones = np.cumsum(grey.histogram())
    contrast = max(16, tone_at(tones, 0.99) - tone_at(tones, ink_share / 2))
    steepest = min(step_of(grey, side, ink_share * EDGES) for side in ((1, 0), (0, 1)))
    return round(min(1.0, steepest / contrast / CLEAREST), 4)


def step_of(grey: Image.Image, side: tuple[int, int], share: float) -> int:
    """Give the step to the neighbour on one side, across and down, that a share of all steps exceeds."""
    (across, down), (width, height) = side, grey.size
    if width <= across or height <= down:
        return 0
    shifted, still = grey.crop((across, down, width, height)), grey.crop((0, 0, width - across, height - down))
    return tone_at(np.cumsum(ImageChops.difference(shifted, still).histogram()), 1 - share)
