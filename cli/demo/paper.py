"""Old paper without ink: tint, light, browned edges, stains, rusty spots and folds, painted small and soft."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cli.demo.wear import Wear

SHEET_WIDTH = 210.0  # millimetres, so that spots and folds have their size at any resolution

Tones = NDArray[np.float32]  # height x width, or with 3 channels; 1 is white, or untouched


def paper_of(size: tuple[int, int], wear: Wear, seed: int) -> Tones:
    """Paint a worn sheet of width x height pixels; gives height x width x 3."""
    rng = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    tones = np.empty((height, width, 3), np.float32)
    tones[:] = np.asarray(wear.tint, np.float32) / 255
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - wear.uneven * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)) + clouds(size, rng, 0.03)
    tones *= light[..., None]
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    brown(tones, np.clip(wear.edges * np.exp(-edge / 0.03) * (1 + clouds(size, rng, 0.5)), 0, 1))
    for _ in range(wear.stains):
        brown(tones, stain(x, y, height / width, rng))
    brown(tones, foxing(size, wear.foxing, rng))
    for number in range(wear.folds):
        fold(tones, (number + 1) / (wear.folds + 1), rng)
    return tones


def brown(tones: Tones, amount: Tones) -> None:
    """Turn paper brown where `amount` (height x width, 0 to 1) says: blue goes first, red last."""
    tones *= 1 - np.array([0.30, 0.48, 0.75], np.float32) * amount[..., None]


def clouds(size: tuple[int, int], rng: np.random.Generator, strength: float) -> Tones:
    """Give soft unevenness round zero, as paper pulp has it; height x width."""
    coarse = Image.fromarray(rng.normal(0, strength, (14, 10)).astype(np.float32))
    return np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))


def stain(x: Tones, y: Tones, ratio: float, rng: np.random.Generator) -> Tones:
    """Give the tide mark of dried water: a faint patch with a darker rim; height x width, 0 to 1."""
    dx, dy = x - rng.uniform(0, 1), (y - rng.uniform(0, 1)) * ratio
    wavy = 0.012 * np.sin(5 * np.arctan2(dy, dx) + rng.uniform(0, 6))
    distance = np.hypot(dx, dy) + wavy
    radius = rng.uniform(0.1, 0.3)
    rim = np.exp(-(((distance - radius) / 0.007) ** 2))
    return np.asarray(0.22 * rim + 0.08 * (distance < radius), np.float32)


def foxing(size: tuple[int, int], count: int, rng: np.random.Generator) -> Tones:
    """Give scattered rusty spots, soft at the rim; height x width, 0 to 1."""
    width, height = size
    spots = np.zeros((height, width), np.float32)
    for _ in range(count):
        radius = rng.uniform(0.3, 2.2) * rng.uniform(0.4, 1) * width / SHEET_WIDTH
        reach = int(radius * 2) + 1
        column, row = int(rng.integers(reach, width - reach)), int(rng.integers(reach, height - reach))
        dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        spot = rng.uniform(0.15, 0.5) * np.exp(-(dx**2 + dy**2) / radius**2)
        patch = spots[row - reach : row + reach + 1, column - reach : column + reach + 1]
        np.maximum(patch, spot, out=patch)
    return spots


def fold(tones: Tones, where: float, rng: np.random.Generator) -> None:
    """Crease the sheet across, at a share of its height: a dark line beside a light one."""
    height, width, _ = tones.shape
    line = (where + rng.uniform(-0.02, 0.02)) * height + rng.uniform(-2, 2) * np.linspace(-1, 1, width)
    away = (np.arange(height)[:, None] - line[None, :]) * SHEET_WIDTH / width  # millimetres
    crease = 1 - 0.16 * np.exp(-((away / 0.5) ** 2)) + 0.05 * np.exp(-(((away - 1.2) / 0.6) ** 2))
    tones *= crease[..., None].astype(np.float32)
