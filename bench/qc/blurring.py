"""Blur a page as a camera out of focus or a page that moves would, and save it as a JPEG after that."""

import math
from io import BytesIO
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

GAUSSIAN = (0.6, 1.0, 1.5, 2.5)  # sigma in pixels
MOTION = (3, 5, 9)  # pixels
QUALITY = (85, 95)
FINER = 8  # parts of a pixel that a path is drawn in


def defocused(page: Image.Image, sigma: float) -> Image.Image:
    """Blur a page evenly."""
    return Image.fromarray(cv2.GaussianBlur(np.asarray(page), (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def moved(page: Image.Image, length: float, degrees: float) -> Image.Image:
    """Blur a page along a straight path of some pixels, at any angle."""
    return Image.fromarray(cv2.filter2D(np.asarray(page), -1, path(length, degrees), borderType=cv2.BORDER_REPLICATE))


def path(length: float, degrees: float) -> NDArray[np.float32]:
    """Draw the path that a point of the page takes while it is seen: one pixel wide, of even weight."""
    size = int(length) // 2 * 2 + 3
    fine = np.zeros((size * FINER, size * FINER), np.float32)
    middle, reach = size * FINER / 2, (length - 1) / 2 * FINER
    for along in np.linspace(-reach, reach, 20 * size):
        x = round(middle + along * math.cos(math.radians(degrees)) - FINER / 2)
        y = round(middle - along * math.sin(math.radians(degrees)) - FINER / 2)
        fine[y : y + FINER, x : x + FINER] += 1
    drawn = fine.reshape(size, FINER, size, FINER).sum(axis=(1, 3))
    return np.asarray(drawn / drawn.sum(), dtype=np.float32)


def any_way(chance: Random) -> float:
    """Draw an angle: along a side of the page in half of the cases, as in a scanner that feeds unevenly."""
    return chance.choice((0.0, 90.0)) if chance.random() < 0.5 else chance.uniform(0, 180)


def saved(page: Image.Image, chance: Random) -> Image.Image:
    """Save a page as a JPEG of some quality and open it again."""
    file = BytesIO()
    page.save(file, "JPEG", quality=chance.randint(*QUALITY))
    with Image.open(file) as image:
        return image.copy()


def kinds() -> list[str]:
    """Name every kind of blur."""
    return [*(f"gaussian {sigma}" for sigma in GAUSSIAN), *(f"motion {length} px" for length in MOTION)]


def blurred(page: Image.Image, kind: str, chance: Random) -> Image.Image:
    """Blur a page in a named way."""
    name, strength = kind.split()[:2]
    return defocused(page, float(strength)) if name == "gaussian" else moved(page, float(strength), any_way(chance))
