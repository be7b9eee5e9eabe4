"""Teach the constants of `measuring/sharpness.py`: `python -m bench.qc.blur_teaching --pages DIR`; prints them.

Odds are fitted to the signs of the middle of real pages from a folder and of made ones, as they are and reduced (which
stands for sharper scanners), blurred in every way and not, as they are after that and saved as a JPEG. Each source of
pages weighs as the root of its cases, and weights may only say that less detail is more blur. The figures told last
come from models taught without the source that they judge.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import chain, islice, repeat
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.qc.blurring import blurred, kinds, saved
from bench.qc.curves import auc
from bench.qc.pages import Sound, sound_pages
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.sharpness import signs_of

SOUND, MADE = "none", "made"
SAME = 22  # letters of two names of one source that are alike
MIDDLE = 1400  # full pixels a side
STEPS, RATE, KEEP_SMALL = 4000, 0.05, 1e-3
Case = tuple[str, str, bool, bool, tuple[float, float, float]]  # source, kind of blur, reduced, saved, signs
Numbers = NDArray[np.float64]


def cases_of(page: Sound, seed: int) -> list[Case]:
    """Blur a page in every way and take the signs."""
    chance = Random(f"{seed} {page.name}")  # noqa: S311 - damage, not a secret
    grey = middle_of(page.image.convert("L"))
    share = chance.uniform(0.5, 0.85)
    small = grey.resize((round(grey.width * share), round(grey.height * share)), Image.Resampling.LANCZOS)
    found = []
    for is_reduced, image in ((False, grey), (True, small)):
        for kind in (SOUND, *kinds()):
            soft = image if kind == SOUND else blurred(image, kind, chance)
            for is_saved, seen in ((False, soft), (True, saved(soft, chance))):
                signs = signs_of(Page(seen))
                if signs is not None:
                    found.append((source_of(page.name), kind, is_reduced, is_saved, signs))
    return found


def middle_of(image: Image.Image) -> Image.Image:
    """Cut out the middle of a page, where enough of its text is."""
    left, top = max(0, (image.width - MIDDLE) // 2), max(0, (image.height - MIDDLE) // 2)
    return image.crop((left, top, min(image.width, left + MIDDLE), min(image.height, top + MIDDLE)))


def source_of(name: str) -> str:
    """Tell where a page comes from by its name: a folder's pages are called number, collection, then the work."""
    return MADE if name.startswith(MADE) else name.partition("_")[2][:SAME].rstrip("0123456789_")


def taught(signs: Numbers, is_blurred: Numbers, weights: Numbers) -> Numbers:
    """Fit odds of blur: a weight for each sign, none above nought, and the start; by projected descent."""
    middle, spread = signs.mean(axis=0), signs.std(axis=0)
    scaled = np.column_stack([(signs - middle) / spread, np.ones(len(signs))])
    model, first, second = (np.zeros(scaled.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        wrong = 1 / (1 + np.exp(-scaled @ model)) - is_blurred
        slope = scaled.T @ (wrong * weights) + KEEP_SMALL * np.append(model[:-1], 0)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        model = model - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        model[:-1] = np.minimum(model[:-1], 0)
    return np.append(model[:-1] / spread, model[-1] - float((model[:-1] * middle / spread).sum()))


def main() -> None:
    """Teach on all, print the model, and what models that never saw a source say of it."""
    asked = argparse.ArgumentParser(prog="python -m bench.qc.blur_teaching")
    asked.add_argument("--pages", type=Path, required=True)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=1)
    told = asked.parse_args()
    made = (replace(page, name=f"{MADE} {page.name}") for page in islice(sound_pages(None), 0, None, 3))
    pages = chain(sound_pages(told.pages), made)
    with ProcessPoolExecutor(told.jobs) as pool:
        cases = list(chain.from_iterable(pool.map(cases_of, pages, repeat(told.seed))))
    sources = np.array([case[0] for case in cases])
    signs = np.array([case[4] for case in cases])
    is_blurred = np.array([float(case[1] != SOUND) for case in cases])
    weights = weights_of(sources, is_blurred)
    for name, count in zip(*np.unique(sources, return_counts=True), strict=True):
        print(f"{count} cases of {name}")
    model = taught(signs, is_blurred, weights)
    print("FINEST, FALL, STEEPNESS, START =", ", ".join(f"{value:.2f}" for value in model))
    unseen = np.zeros(len(cases))
    for source in np.unique(sources):
        others = sources != source
        fitted = taught(signs[others], is_blurred[others], weights[others] / weights[others].sum())
        unseen[~others] = signs[~others] @ fitted[:-1] + fitted[-1]
    for line in chain(curves("fitted", cases, signs @ model[:-1] + model[-1]), curves("unseen", cases, unseen)):
        print(line)


def weights_of(sources: NDArray[np.str_], is_blurred: Numbers) -> Numbers:
    """Weigh cases: sources by the root of their number, sound and blurred ones half each."""
    _, index, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(counts[index])
    for side in (0.0, 1.0):
        weights[is_blurred == side] /= 2 * weights[is_blurred == side].sum()
    return np.asarray(weights)


def curves(name: str, cases: list[Case], odds: Numbers) -> Iterator[str]:
    """Give the areas under the curve over real pages of full size."""
    for is_saved in (False, True):
        scores: dict[str, list[float]] = {}
        for (source, kind, is_reduced, was_saved, _), value in zip(cases, odds, strict=True):
            if source != MADE and not is_reduced and was_saved == is_saved:
                scores.setdefault(kind, []).append(float(value))
        every = [value for kind, values in scores.items() if kind != SOUND for value in values]
        areas = ", ".join(f"{kind} {auc(scores[kind], scores[SOUND]):.3f}" for kind in kinds())
        print_as = "saved as JPEG" if is_saved else "not saved"
        yield f"{name}, {print_as}: all {auc(every, scores[SOUND]):.3f}, {areas}"


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
