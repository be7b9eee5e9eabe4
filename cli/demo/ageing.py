"""Put ink on old paper, quickly: what is soft is painted at a sixth of the size, only grain at full size."""

from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from cli.demo.paper import Tones, paper_of
from cli.demo.wear import Wear

REDUCTION = 6
GRAINS = 2
THROUGH = 0.4  # millimetres by which paper blurs what shows through


def age(ink: Image.Image, verso: Image.Image | None, wear: Wear, dice: Random) -> Image.Image:
    """Age a page: ink (RGB on white) on a worn sheet, the other side's ink showing through; RGB of the same size."""
    soft = (max(1, ink.width // REDUCTION), max(1, ink.height // REDUCTION))
    tones = paper_of(soft, wear, dice.getrandbits(64))
    if verso is not None:
        tones *= (1 - wear.show_through * darkness_through(verso, soft))[..., None]
    paper = Image.fromarray(np.clip(tones * 255, 0, 255).astype(np.uint8))
    enlarged = paper.resize(ink.size, Image.Resampling.BILINEAR)
    grainy = ImageChops.multiply(faded(ink, wear.fading), grain_of(ink.size, dice.randrange(GRAINS)))
    return ImageChops.multiply(grainy, enlarged)


def faded(ink: Image.Image, fading: float) -> Image.Image:
    """Take a share of its darkness from ink."""
    return ink.point([round(255 - (255 - tone) * (1 - fading)) for tone in range(256)] * 3) if fading else ink


def darkness_through(verso: Image.Image, size: tuple[int, int]) -> Tones:
    """Give how dark the other side's ink shows through: mirrored, and blurred by the paper; height x width, 0 to 1."""
    mirrored = verso.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize(size)
    blurred = mirrored.filter(ImageFilter.GaussianBlur(THROUGH * size[0] / 210))
    return 1 - np.asarray(blurred, np.float32) / np.float32(255)


@lru_cache(maxsize=GRAINS)
def grain_of(size: tuple[int, int], seed: int) -> Image.Image:
    """Make the grain of paper as a scanner sees it, fine noise and short fibres; one of a few, kept for later pages."""
    width, height = size
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((height, width), np.float32) * 2.6
    fibres = np.clip(128 + 9 * rng.standard_normal((height // 2, width // 2), np.float32), 0, 255)
    smooth = Image.fromarray(fibres.astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)).resize(size)
    grain = np.clip(247 + noise + 1.5 * (np.asarray(smooth, np.float32) - 128), 0, 255).astype(np.uint8)
    return Image.merge("RGB", [Image.fromarray(grain)] * 3)
