"""Fingers and clips at the edges of pages against what lies there by right."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from bench.qc.curves import auc
from bench.qc.intruding import INTRUDED, SOUND
from bench.qc.pages import Sound
from services.qc.domain.profile import Profile
from shared.imaging.measuring.intrusion import intrusion_of
from shared.imaging.measuring.page import Page

LIMIT = Profile.load("tt05-2025").most_intrusion_probability


def measure_intrusion(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give how many pages of each kind are flagged at the limit, of those in colour; grey ones never are."""
    scores: dict[str, list[float]] = {name: [] for name in (*SOUND, *INTRUDED)}
    for place, page in enumerate(pages):
        reduced = Page(page.image, page.dpi)
        pixels = np.asarray(reduced.reduced)
        if pixels.ndim == 2:
            continue
        for number, (name, change) in enumerate((*SOUND.items(), *INTRUDED.items())):
            changed = change(pixels, np.random.default_rng((seed, place, number)))
            image = Image.fromarray(np.ascontiguousarray(changed))
            scores[name].append(intrusion_of(Page(image, reduced.dpi)).probability)
    sound = [score for name in SOUND for score in scores[name]]
    yield f"| page in colour | pages | most | flagged at {LIMIT} | AUC against all sound ones |"
    yield "|---|---|---|---|---|"
    for name, each in scores.items():
        if each:
            area = f"{auc(each, sound):.3f}" if name in INTRUDED else "-"
            flagged = int(np.count_nonzero(np.array(each) > LIMIT))
            yield f"| {name} | {len(each)} | {max(each):.2f} | {flagged} | {area} |"
