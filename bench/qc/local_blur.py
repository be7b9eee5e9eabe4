"""Pages with one corner out of focus against the same pages as they are."""

from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from bench.qc.curves import auc
from bench.qc.pages import Sound
from bench.qc.sheets import Dice
from services.qc.domain.profile import Profile
from shared.imaging.measuring.local_blur import local_blur_of, regions_of
from shared.imaging.measuring.page import Page, Pixels

SIGMAS = (1.0, 1.5, 2.0, 3.0, 4.0)
LEVELS = 4
PAD = 16
CORE = 0.6  # of the radius within which a corner is blurred for good
LEAST_REGIONS = 4  # with text in the core: what is blurred where nothing stands is no damage
TRIES = 20
LIMIT = Profile.load("tt05-2025").most_local_blur_probability


def measure_local_blur(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give for each strength how well a blurred corner is told, and how much of them is found at the limit."""
    sound = {page.name: probability_of(page.image, page.dpi) for page in pages}
    flagged = sorted(name for name, probability in sound.items() if probability > LIMIT)
    yield f"Sound pages flagged at {LIMIT}: {len(flagged)} of {len(pages)}: {', '.join(flagged) or 'none'}"
    yield ""
    yield "| a corner blurred by sigma (full pixels) | pages | AUC | found at the limit |"
    yield "|---|---|---|---|"
    for sigma in SIGMAS:
        found = []
        for place, page in enumerate(pages):
            dice = np.random.default_rng((seed, place, int(10 * sigma)))
            image = blurred_at(page, sigma, dice)
            if image is not None:
                found.append(probability_of(image, page.dpi))
        if found:
            share = np.mean(np.array(found) > LIMIT)
            yield f"| {sigma} | {len(found)} | {auc(found, list(sound.values())):.3f} | {share:.2f} |"


def probability_of(image: Image.Image, dpi: float | None) -> float:
    """Give the probability, 0 where there is no text to compare."""
    return local_blur_of(Page(image, dpi)).probability or 0.0


def blurred_at(page: Sound, sigma: float, dice: Dice) -> Image.Image | None:
    """Blur a corner that text stands in, of up to half the page; half of them are saved as JPEG after that."""
    regions = ~np.isnan(regions_of(Page(page.image, page.dpi)))
    width, height = page.image.size
    rows, columns = np.indices(regions.shape) + 0.5
    rows, columns = rows * height / regions.shape[0], columns * width / regions.shape[1]
    for _ in range(TRIES):
        corner = (int(dice.integers(2)) * width, int(dice.integers(2)) * height)
        radius = float(dice.uniform(0.35, 0.75)) * min(width, height)
        inside = np.hypot(columns - corner[0], rows - corner[1]) < CORE * radius
        if np.count_nonzero(inside & regions) >= LEAST_REGIONS:
            damaged = Image.fromarray(out_of_focus(np.asarray(page.image), corner, radius, sigma))
            return recompressed(damaged) if dice.random() < 0.5 else damaged
    return None


def out_of_focus(page: Pixels, corner: tuple[int, int], radius: float, sigma: float) -> Pixels:
    """Blur round a corner, more the nearer, by steps of a gaussian that run into one another."""
    height, width = page.shape[:2]
    left, right = max(0, int(corner[0] - radius) - PAD), min(width, int(corner[0] + radius) + PAD)
    top, bottom = max(0, int(corner[1] - radius) - PAD), min(height, int(corner[1] + radius) + PAD)
    part = page[top:bottom, left:right].astype(np.float32)
    y, x = (grid.astype(np.float32) for grid in np.mgrid[top:bottom, left:right])
    near = np.clip(2 * (1 - np.hypot(x - corner[0], y - corner[1]) / radius), 0, 1)
    strength = LEVELS * near * near * (3 - 2 * near)
    mixed = np.zeros_like(part)
    for level in range(LEVELS + 1):
        weight = np.clip(1 - np.abs(strength - level), 0, 1)
        soft = cv2.GaussianBlur(part, (0, 0), sigma * level / LEVELS) if level else part
        mixed += soft * (weight if part.ndim == 2 else weight[..., None])
    changed = page.copy()
    changed[top:bottom, left:right] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
    return changed


def recompressed(image: Image.Image) -> Image.Image:
    """Save as JPEG and open again."""
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    with Image.open(file) as opened:
        return opened.copy()
