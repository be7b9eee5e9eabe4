"""The same sheet scanned again, and sheets that only look the same: what likeness must tell apart."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
UPSIDE_DOWN = 0.15  # of the sheets are laid in the other way round
DARK_LID = 0.2  # of the scanners have a black lid
MILLIMETRES = 297.0  # of the long side of a sheet


def rescan(pixels: Pixels, chance: Generator) -> Pixels:
    """Scan a sheet (RGB) again: laid elsewhere and askew, at another resolution, exposure, sharpness and quality."""
    height, width = pixels.shape[:2]
    long = max(height, width)
    scale = min(1.0, 3508 / long) * chance.uniform(0.62, 1.0)
    pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    lid = (20, 20, 20) if chance.random() < DARK_LID else tuple(int(tone) for tone in np.median(pixels, axis=(0, 1)))
    pixels = laid(pixels, chance, lid)
    tones = np.linspace(0, 1, 256) ** chance.uniform(0.7, 1.4) * chance.uniform(0.85, 1.08)
    seen = cv2.LUT(pixels, np.clip(tones * 255, 0, 255).astype(np.uint8))
    if (blur := chance.uniform(0, 1.1)) > 0.3:
        seen = cv2.GaussianBlur(seen, (0, 0), blur)
    noisy = seen + chance.standard_normal(seen.shape, np.float32) * np.float32(chance.uniform(0.5, 7))
    quality = int(chance.integers(45, 96))
    _, written = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    again = np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(again[::-1, ::-1]) if chance.random() < UPSIDE_DOWN else again


def laid(pixels: Pixels, chance: Generator, lid: tuple[int, ...]) -> Pixels:
    """Lay a sheet on the glass up to 4 mm off and 3 degrees askew; the image may be cut closer or wider than before."""
    height, width = pixels.shape[:2]
    millimetre = max(height, width) / MILLIMETRES
    wider, higher = (round(side * (1 + chance.uniform(-0.015, 0.05))) for side in (width, height))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-3, 3), 1)
    turn[:, 2] += (wider - width) / 2, (higher - height) / 2
    turn[:, 2] += chance.uniform(-4, 4, 2) * millimetre
    return np.asarray(cv2.warpAffine(pixels, turn, (wider, higher), flags=cv2.INTER_LINEAR, borderValue=lid), np.uint8)


def with_other_entries(form: Pixels, donor: Pixels, chance: Generator, count: int) -> Pixels:
    """Give another sheet of the same form: `count` places of the size of words hold what stands elsewhere.

    Each place is covered with its own paper and gets ink from a place of `donor` that has some, if it has as many.
    """
    other = form.copy()
    height, width = form.shape[:2]
    millimetre = max(height, width) / MILLIMETRES
    donor = cv2.resize(donor, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    places = written_places(form, millimetre, chance, count)
    sources = written_places(donor, millimetre, chance, count)
    for (x, y, w, h), (from_x, from_y, *_) in zip(places, sources, strict=False):
        here, there = other[y : y + h, x : x + w], donor[from_y : from_y + h, from_x : from_x + w]
        here, there = here[: len(there), : there.shape[1]], there[: len(here), : here.shape[1]]
        paper = np.percentile(here, 85, axis=(0, 1))
        darkest = np.percentile(here, 2, axis=(0, 1)) / paper
        tones = there / np.maximum(1, np.percentile(there, 85, axis=(0, 1)))
        lowest = np.percentile(tones, 2, axis=(0, 1))  # the other's ink is brought to the strength of this one's
        tones = 1 - (1 - np.minimum(1, tones)) * (1 - darkest) / np.maximum(0.05, 1 - lowest)
        here[:] = np.clip(paper * np.clip(tones, 0, 1), 0, 255).astype(np.uint8)
    return other


def written_places(pixels: Pixels, millimetre: float, chance: Generator, count: int) -> list[tuple[int, int, int, int]]:
    """Find places of the size of a few words that hold ink, none overlapping."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((round(2 * millimetre) | 1,) * 2, np.uint8)) > 40
    height, width = grey.shape
    taken = np.zeros(grey.shape, bool)
    places: list[tuple[int, int, int, int]] = []
    for _ in range(count * 60):
        w, h = round(chance.uniform(18, 50) * millimetre), round(chance.uniform(5, 8) * millimetre)
        x = int(chance.integers(width // 20, max(width // 20 + 1, width * 19 // 20 - w)))
        y = int(chance.integers(height // 20, max(height // 20 + 1, height * 19 // 20 - h)))
        box = (slice(y, y + h), slice(x, x + w))
        if len(places) < count and not taken[box].any() and 0.04 < darker[box].mean() < 0.5:
            taken[box] = True
            places.append((x, y, w, h))
    return places
