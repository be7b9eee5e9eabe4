"""Invented drawings, patterns and pictures: pages that have no way up, or none that letters tell."""

import math
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.qc.wearing import worn


def drawn(dice: Random) -> Image.Image:
    """Make one drawing, worn as scans are."""
    size = dice.randint(900, 1500), dice.randint(900, 1900)
    return worn(dice.choice((figures, grid, contours, blots))(size, dice), dice)


def figures(size: tuple[int, int], dice: Random) -> Image.Image:
    """Draw lines, ellipses and rectangles."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for _ in range(dice.randint(3, 150)):
        x, y = dice.uniform(0, size[0]), dice.uniform(0, size[1])
        reach = dice.choice((15, 60, 400))
        box = (x, y, x + dice.uniform(3, reach), y + dice.uniform(3, reach))
        stroke = dice.randint(1, 5)
        kind = dice.randrange(4)
        if kind == 0:
            draw.ellipse(box, outline=0, width=stroke)
        elif kind == 1:
            draw.rectangle(box, outline=0, width=stroke)
        elif kind == 2:
            draw.arc(box, dice.randint(0, 360), dice.randint(0, 360), fill=0, width=stroke)
        else:
            draw.line((x, y, x + dice.gauss(0, reach), y + dice.gauss(0, reach)), fill=0, width=stroke)
    return image


def grid(size: tuple[int, int], dice: Random) -> Image.Image:
    """Draw an even pattern: dots, rules, crosses or waves."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    step, down, kind, reach = dice.randint(8, 60), dice.randint(8, 60), dice.randrange(4), dice.randint(2, 12)
    for y in range(down, size[1] - down, down):
        for x in range(step, size[0] - step, step):
            if kind == 0:
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=0, width=2)
            elif kind == 1:
                draw.line((x, y, x + step * 0.7, y), fill=0, width=max(1, reach // 3))
            elif kind == 2:
                draw.line((x - reach, y, x + reach, y), fill=0, width=2)
                draw.line((x, y - reach, x, y + reach), fill=0, width=2)
            else:
                draw.line((x, y + reach * math.sin(x / 9), x + step, y + reach * math.sin((x + step) / 9)), fill=0)
    return image


def contours(size: tuple[int, int], dice: Random) -> Image.Image:
    """Draw a map's contour lines."""
    rng = np.random.default_rng(dice.getrandbits(32))
    coarse = rng.random((dice.randint(3, 12), dice.randint(3, 12)), np.float32)
    heights = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) * dice.randint(4, 16)
    return Image.fromarray(np.where(np.abs(heights - np.round(heights)) < 0.06, 0, 255).astype(np.uint8))


def blots(size: tuple[int, int], dice: Random) -> Image.Image:
    """Make soft spots of many sizes, as photographs and stains have."""
    rng = np.random.default_rng(dice.getrandbits(32))
    tones = np.zeros(size[::-1], np.float32)
    for octave in range(2, 9):
        coarse = rng.standard_normal((2**octave, 2**octave), np.float32)
        tones += cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) * 0.6**octave
    spread = float(tones.std()) * dice.uniform(0.5, 3)
    return Image.fromarray(np.clip(140 + 60 * tones / spread, 0, 255).astype(np.uint8))
