"""How well pages in too much light are told from sound ones, beside the share of pixels clipped at white.

Light does not change pages of two tones, so they are no less sound after it: areas are given with and without them
among the pages that were lit; among the sound ones they always are.
"""

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
MADE_BITONAL = "sound, made black and white"


def measure_exposure(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give the areas under the curve for each way that light is too strong, at a page's own strength, and too weak."""
    scores: dict[str, list[tuple[float, float, float]]] = {}
    toned: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in BURNS}
    for page in pages:
        chance = Random(f"{seed} {page.name}")  # noqa: S311 - damage, not a secret
        image = page.image
        paper = float(np.median(np.asarray(image.convert("L"))))
        for kind in ("none", *BURNS, *DIMS):
            lit = image if kind == "none" else exposed(image, kind, paper, chance)
            scores.setdefault(kind, []).append(judged(lit))
            if kind in BURNS and not is_two_toned(image):
                toned[kind].append(scores[kind][-1])
        scores.setdefault(MADE_BITONAL, []).append(judged(in_two_tones(image, paper)))
    yield "| light | ours | share clipped at white | ours, none of two tones lit |"
    yield "|---|---|---|---|"
    rows = {"all too strong": BURNS, **{kind: (kind,) for kind in BURNS}}
    for name, kinds in rows.items():
        found, changed = ([each for kind in kinds for each in of[kind]] for of in (scores, toned))
        areas = [area(found, scores["none"], 0), area(found, scores["none"], 1), area(changed, scores["none"], 0)]
        yield f"| {name} | " + " | ".join(f"{each:.3f}" for each in areas) + " |"
    for kind in DIMS:
        yield f"| {kind} (underexposed) | {area(scores[kind], scores['none'], 2):.3f} | – | – |"  # noqa: RUF001
    yield ""
    for kind in ("none", MADE_BITONAL):
        ours = [each[0] for each in scores[kind]]
        yield f"{kind}: median {np.median(ours):.2f}, most {max(ours):.2f}"


def area(damaged: list[tuple[float, float, float]], sound: list[tuple[float, float, float]], whose: int) -> float:
    """Give the area under the curve of one of the scores."""
    return auc([each[whose] for each in damaged], [each[whose] for each in sound])


def is_two_toned(image: Image.Image) -> bool:
    """Say whether a page is black and white."""
    return image.getcolors(2) is not None


def in_two_tones(image: Image.Image, paper: float) -> Image.Image:
    """Make a page black and white, as a scanner does."""
    return Image.fromarray(np.where(np.asarray(image.convert("L")) > 0.62 * paper, 255, 0).astype(np.uint8))


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
