"""How well pages in too much light are told from sound ones, beside the share of pixels clipped at white."""

from collections.abc import Iterator
from random import Random

import cv2
import numpy as np
from PIL import Image

from bench.qc.curves import auc
from bench.qc.pages import Sound
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.tone import tones_of

BURNS = ("gain", "gain and gamma", "white point below the paper")
DIMS = ("little light",)


def measure_exposure(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give the areas under the curve for each way that light is too strong, at a page's own strength, and too weak."""
    scores: dict[str, list[tuple[float, float, float]]] = {}
    for page in pages:
        chance = Random(f"{seed} {page.name}")  # noqa: S311 - damage, not a secret
        image = page.image
        paper = float(np.median(np.asarray(image.convert("L"))))
        for kind in ("none", *BURNS, *DIMS):
            lit = image if kind == "none" else exposed(image, kind, paper, chance)
            scores.setdefault(kind, []).append(judged(lit))
    every = [each for kind in BURNS for each in scores[kind]]
    yield "| light | ours | share clipped at white |"
    yield "|---|---|---|"
    for kind, found in (("all too strong", every), *((kind, scores[kind]) for kind in BURNS)):
        areas = [auc([each[whose] for each in found], [each[whose] for each in scores["none"]]) for whose in (0, 1)]
        yield f"| {kind} | {areas[0]:.3f} | {areas[1]:.3f} |"
    for kind in DIMS:
        area = auc([each[2] for each in scores[kind]], [each[2] for each in scores["none"]])
        yield f"| {kind} (underexposed) | {area:.3f} | – |"  # noqa: RUF001 - the dash that stands for no value


def exposed(image: Image.Image, kind: str, paper: float, chance: Random) -> Image.Image:
    """Light a page anew; `paper` is its median tone, so that a dark page is given enough light to burn out too."""
    to_white = 255 / max(60.0, paper)
    gain, gamma, black = to_white * chance.uniform(1.02, 1.6), 1.0, 0.0
    if kind == "gain and gamma":
        gamma = chance.uniform(0.6, 0.9)
    elif kind == "white point below the paper":
        gain, black = 255 / (max(60.0, paper) * chance.uniform(0.7, 0.95)), chance.uniform(-20, 20)
    elif kind == "little light":
        gain, gamma = chance.uniform(0.2, 0.5), chance.uniform(1.0, 1.6)
    tones = 255 * np.clip((np.arange(256) * gain + black) / 255, 0, 1) ** gamma
    return Image.fromarray(cv2.LUT(np.asarray(image), tones.round().astype(np.uint8)))


def judged(image: Image.Image) -> tuple[float, float, float]:
    """Give what we say of too much light, what a peer would, and what we say of too little."""
    tones = tones_of(Page(image))
    clipped = float(np.mean(np.asarray(image.convert("L")) >= 250))
    return tones.overexposed_probability, clipped, tones.underexposed_probability
