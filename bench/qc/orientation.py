"""Which way up: every page turned by quarters and a little more, and pages that have no way up."""

import statistics
import time
from collections.abc import Iterator
from random import Random

import numpy as np
from PIL import Image

from bench.qc.drawing import drawn
from bench.qc.pages import Sound
from cli.demo.chance import chance
from shared.imaging.measuring.orientation import Orientation, orientation_of
from shared.imaging.measuring.page import Page

QUARTERS = (0, 90, 180, 270)
SURE, UNSURE = 0.9, 0.5
MOST_SKEW, SLIGHT = 15.0, 1.0  # degrees: one turn in four is skewed up to the most
DRAWINGS = 40
ROUNDS = 5


def measure_orientation(pages: list[Sound], seed: int) -> Iterator[str]:
    """Tell right, unsure and wrong, over pages as they are in their files turned by every quarter."""
    dice = chance(seed, "turns")
    found = [one for page in pages for one in turned(page, dice)]
    yield "| pages turned | right | unsure (< 0.5) | wrong | wrong though sure (>= 0.9) | right of the sure |"
    yield "|---|---|---|---|---|---|"
    yield row("all", found)
    for quarter in QUARTERS:
        yield row(f"{quarter}°", [one for one in found if one[1] == quarter])
    yield ""
    names = sorted({name for name, truth, told in found if told.degrees != truth})
    yield "not right: " + (", ".join(f"{name} {misses(name, found)}" for name in names) or "none")
    yield ""
    yield "| confidence | turned pages | right |"
    yield "|---|---|---|"
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.99), (0.99, 1.01)):
        inside = [told.degrees == truth for _, truth, told in found if low <= told.confidence < high]
        yield f"| {low}-{min(high, 1.0)} | {len(inside)} | {share(inside)} |"
    yield ""
    none = [looked(drawn(chance(seed, "drawing", each))) for each in range(DRAWINGS)]
    sure = [told.degrees != 0 and told.confidence >= SURE for told in none]
    yield f"drawings and patterns called turned and sure: {sum(sure)} of {DRAWINGS}"
    seconds = [quickest(page) for page in pages]
    median, most = 1000 * statistics.median(seconds), 1000 * max(seconds)
    yield f"ms of processor time beside skew and paper: median {median:.1f}, most {most:.1f}"


def turned(page: Sound, dice: Random) -> Iterator[tuple[str, int, Orientation]]:
    """Turn a page by every quarter and a little; gives name, truth and what was found."""
    small = Page(page.image).reduced.convert("L")
    ground = int(np.median(np.asarray(small)[:16]))
    for quarter in QUARTERS:
        more = dice.uniform(-MOST_SKEW, MOST_SKEW) if dice.random() < 0.25 else dice.uniform(-SLIGHT, SLIGHT)
        skewed = small.rotate(more, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
        yield page.name, quarter, looked(skewed.rotate(quarter, expand=True))


def looked(image: Image.Image) -> Orientation:
    """Measure an image's orientation."""
    page = Page(image)
    return orientation_of(page)


def row(name: str, found: list[tuple[str, int, Orientation]]) -> str:
    """Count one row of the table."""
    right = [told.degrees == truth for _, truth, told in found]
    unsure = [told.confidence < UNSURE for _, _, told in found]
    wrong = [told.degrees != truth and told.confidence >= UNSURE for _, truth, told in found]
    sure = [told.degrees != truth and told.confidence >= SURE for _, truth, told in found]
    of_sure = [told.degrees == truth for _, truth, told in found if told.confidence >= SURE]
    cells = (f"{name} ({len(found)})", share(right), share(unsure), share(wrong), str(sum(sure)), share(of_sure))
    return f"| {' | '.join(cells)} |"


def share(which: list[bool]) -> str:
    """Write the share of those that are true."""
    return f"{100 * sum(which) / len(which):.1f} %" if which else "-"


def misses(name: str, found: list[tuple[str, int, Orientation]]) -> str:
    """Tell what was found instead of the truth."""
    wrong = [(truth, told) for page, truth, told in found if page == name and told.degrees != truth]
    return "(" + ", ".join(f"{truth}→{told.degrees} at {told.confidence:.2f}" for truth, told in wrong) + ")"


def quickest(sound: Sound) -> float:
    """Give the processor seconds of the quickest of a few rounds, with what other measures share already there."""
    page = Page(sound.image)
    _ = page.paper
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        orientation_of(page)
        took.append(time.process_time() - start)
    return min(took)
