"""Measure a decoded page on one reduced grey image that all measures share; runs only inside the sandbox."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey = NDArray[np.uint8]
REDUCED = 1400
DARKER_BY = 40
MOST_POINTS = 30_000
CLEAREST = 0.5
WIDEST_SKEW = 15.0


def grey_of(image: Image.Image) -> Image.Image:
    """Give a page in 8-bit grey, whatever it was: 16-bit tones are scaled, not cut off."""
    if image.mode.startswith("I") or image.mode == "F":
        tones = np.asarray(image, dtype=np.float64)
        low, high = float(tones.min()), float(tones.max())
        scale = 255 / (65535 if image.mode.startswith("I;16") or high > 255 else max(high - low, 1))
        return Image.fromarray(np.clip((tones - min(low, 0)) * scale, 0, 255).astype(np.uint8))
    if image.mode == "LAB":
        return image.getchannel(0)
    return image.convert("L")


def reduced(grey: Image.Image) -> Image.Image:
    """Reduce a page so that its long side is about REDUCED pixels."""
    factor = max(1, max(grey.size) // REDUCED)
    return grey.reduce(factor) if factor > 1 else grey


def tones_of(grey: Grey) -> dict[str, float | int]:
    """Give percentiles of tone and the shares at its ends."""
    p01, p50, p99 = (int(value) for value in np.percentile(grey, (1, 50, 99)))
    return {
        "p01": p01,
        "p50": p50,
        "p99": p99,
        "clipped_dark": float(np.mean(grey <= 2)),
        "clipped_light": float(np.mean(grey >= 253)),
    }


def ink_of(small: Image.Image) -> NDArray[np.bool_]:
    """Mark pixels darker than the paper round them, away from the outer 3 % where scanners leave borders."""
    radius = max(3, max(small.size) // 40)
    paper = np.asarray(small.filter(ImageFilter.BoxBlur(radius)), dtype=np.int16)
    ink = (paper - np.asarray(small, dtype=np.int16)) > DARKER_BY
    rows, columns = (max(1, int(length * 0.03)) for length in ink.shape)
    ink[:rows], ink[-rows:], ink[:, :columns], ink[:, -columns:] = False, False, False, False
    return ink


def skew_of(ink: NDArray[np.bool_]) -> float | None:
    """Find the angle at which lines of text are most even, counter-clockwise positive; None without enough ink.

    Projection profile (Postl 1986): the sum of squared row counts is greatest when text lines run along the rows.
    """
    ys, xs = np.nonzero(ink)
    if len(ys) < 500:
        return None
    step = max(1, len(ys) // MOST_POINTS)
    x, y = xs[::step].astype(np.float64), ys[::step].astype(np.float64)

    def evenness(degrees: float) -> float:
        turned = y + x * np.tan(np.radians(degrees))
        counts, _ = np.histogram(turned, bins=np.arange(turned.min(), turned.max() + 2))
        return float(np.square(counts, dtype=np.float64).sum())

    best = 0.0
    for span, fineness in ((WIDEST_SKEW, 0.5), (0.5, 0.1)):
        angles = np.arange(max(-WIDEST_SKEW, best - span), min(WIDEST_SKEW, best + span) + 1e-9, fineness)
        best = float(max(angles, key=evenness))
    return round(best, 2)


def sharpness_of(grey: Grey, ink_share: float) -> float | None:
    """Give how steep the steepest edges are for their contrast, 0 to 1; None on a page without ink.

    Judged on the block with most edges, so that a sparse page is not called blurred.
    """
    if ink_share < 0.0005:
        return None
    steep = np.abs(np.diff(grey.astype(np.int16), axis=1))
    contrast = max(16.0, float(np.percentile(grey, 99)) - float(np.percentile(grey, 0.5)))
    return round(min(1.0, float(np.percentile(steep, 99.9)) / contrast / CLEAREST), 4)
