"""How well blurred pages are told from sound ones, beside the variance of a Laplacian; in grey, as both see them."""

from collections.abc import Iterator
from random import Random

import cv2
import numpy as np
from PIL import Image

from bench.qc.blurring import blurred, kinds, saved
from bench.qc.curves import auc
from bench.qc.pages import Sound
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.sharpness import sharpness_of

ALL = "all levels"


def measure_blur(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give the areas under the curve, of pages as they are after the blur and of pages saved as a JPEG after it."""
    scores: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    for page in pages:
        chance = Random(f"{seed} {page.name}")  # noqa: S311 - damage, not a secret
        grey = page.image.convert("L")
        for kind in ("none", *kinds()):
            soft = grey if kind == "none" else blurred(grey, kind, chance)
            for is_saved, seen in ((False, soft), (True, saved(soft, chance))):
                scores.setdefault((kind, is_saved), []).append((ours(seen), laplacian(seen)))
    for is_saved in (False, True):
        for kind in kinds():
            scores.setdefault((ALL, is_saved), []).extend(scores[kind, is_saved])
    yield "| blur | ours | Laplacian variance | ours, saved as JPEG | Laplacian variance, saved as JPEG |"
    yield "|---|---|---|---|---|"
    for kind in (ALL, *kinds()):
        areas = [
            auc([each[whose] for each in scores[kind, is_saved]], [each[whose] for each in scores["none", is_saved]])
            for is_saved in (False, True)
            for whose in (0, 1)
        ]
        yield f"| {kind} | " + " | ".join(f"{area:.3f}" for area in areas) + " |"


def ours(page: Image.Image) -> float:
    """Score by our measure; a page of which it says nothing counts as sound."""
    return sharpness_of(Page(page)).blur_probability or 0.0


def laplacian(page: Image.Image) -> float:
    """Score as peers do, by the variance of the Laplacian of the grey page."""
    _, spread = cv2.meanStdDev(cv2.Laplacian(np.asarray(page), cv2.CV_32F))
    return -float(spread[0, 0] ** 2)
