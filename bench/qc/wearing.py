"""What happens to a page before and while it is scanned, small things together: for pages to learn from."""

from io import BytesIO
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Tones = NDArray[np.floating[Any]]


def worn(page: Image.Image, dice: Random) -> Image.Image:
    """Wear a grey page, black on white: thicker or thinner strokes, tint, shade, blur, grain, loss, borders."""
    ink = 255 - np.asarray(page, np.float32)
    kind = dice.random()
    if kind < 0.2:
        ink = np.asarray(cv2.dilate(ink, np.ones((2, 2), np.uint8)), np.float32)
    elif kind < 0.3:
        ink = np.asarray(cv2.erode(ink, np.ones((2, 2), np.uint8)) * 0.7 + ink * 0.3, np.float32)
    rows, columns = ink.shape
    rng = np.random.default_rng(dice.getrandbits(32))
    if dice.random() < 0.3:  # worn type and dry pens
        blots = cv2.resize(rng.random((rows // 4, columns // 4), np.float32), (columns, rows))
        ink *= np.clip(blots * dice.uniform(1.2, 2.5), 0, 1)
    paper = dice.uniform(130, 255)
    shade = cv2.resize(rng.random((3, 3), np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    grey: Tones = (paper - 40 * dice.random() * shade) * (1 - ink / 255 * dice.uniform(0.35, 1))
    if dice.random() < 0.7:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), dice.uniform(0.3, 1.3)), grey.dtype)
    grey += rng.standard_normal(grey.shape, np.float32) * dice.choice((0, 1, 3, 7))
    pixels = np.clip(grey, 0, 255).astype(np.uint8)
    if dice.random() < 0.1:
        pixels = cv2.threshold(pixels, paper * 0.7, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
    if dice.random() < 0.15:
        top, bottom, left, right = (dice.randint(0, 60) for _ in range(4))
        pixels = np.pad(pixels, ((top, bottom), (left, right)), constant_values=dice.randint(0, 30))
    image = Image.fromarray(pixels)
    if dice.random() < 0.5:
        written = BytesIO()
        image.save(written, "JPEG", quality=dice.randint(40, 92))
        image = Image.open(written)
        image.load()
    return image
