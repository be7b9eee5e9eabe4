"""Empty sheets against sheets with next to nothing on them, both made of real paper."""

from collections.abc import Callable, Iterator
from itertools import chain

import cv2
import numpy as np
from PIL import Image

from bench.qc.curves import auc
from bench.qc.little import (
    bitonal,
    darkened,
    faded,
    faded_line,
    numbered_and_signed,
    one_line,
    pencilled,
    stamped,
    titled,
)
from bench.qc.pages import Sound
from bench.qc.sheets import (
    Darkness,
    Dice,
    Sheet,
    bordered,
    darkness_of,
    dusty,
    emptied,
    lit_unevenly,
    punched,
    shone_through,
    stained,
)
from shared.imaging.measuring import Page
from shared.imaging.measuring.blank import emptiness_of
from shared.imaging.measuring.border import is_sheet

Blank = Callable[[Sheet, Darkness, Dice], Sheet]

BLANK: dict[str, Blank] = {
    "empty": lambda sheet, _ink, _dice: sheet,
    "dust and hairs": lambda sheet, _ink, dice: dusty(sheet, dice),
    "punch holes": lambda sheet, _ink, dice: punched(dusty(sheet, dice), dice),
    "black border": lambda sheet, _ink, dice: bordered(dusty(sheet, dice), dice),
    "bleed-through": shone_through,
    "stains, foxing, folds": lambda sheet, _ink, dice: stained(sheet, dice),
    "uneven light and grain": lambda sheet, _ink, dice: lit_unevenly(sheet, dice),
    "black and white with dust": lambda sheet, _ink, dice: in_black_and_white(dusty(sheet, dice)),
    "all at once": lambda sheet, ink, dice: bordered(
        punched(dusty(stained(lit_unevenly(shone_through(sheet, ink, dice), dice), dice), dice), dice), dice
    ),
}
WRITTEN: dict[str, Blank] = {
    "one line": one_line,
    "one faded line": faded_line,
    "one line in pencil": pencilled,
    "page number and signature": numbered_and_signed,
    "stamp": stamped,
    "title": titled,
    "faded page": faded,
    "dark paper": darkened,
    "one line, black and white": bitonal,
    "one line, dirty sheet": lambda sheet, ink, dice: punched(
        dusty(stained(lit_unevenly(one_line(shone_through(sheet, ink, dice), ink, dice), dice), dice), dice), dice
    ),
}
FOUND = 0.95
MOST_BORDER = 0.35


def measure_blank(pages: list[Sound], seed: int) -> Iterator[str]:
    """Give the probability of being blank by what was done to the sheets, and how well it tells them apart."""
    blank: dict[str, list[float]] = {name: [] for name in BLANK}
    written: dict[str, list[float]] = {name: [] for name in (*WRITTEN, "page as it is")}
    for place, page in enumerate(pages):
        reduced = Page(page.image)
        if not is_sheet(reduced.paper.mask) or reduced.paper.border_share > MOST_BORDER:
            continue  # a picture at an edge would stay on the empty sheet; on a cover nobody writes
        for kind, name, image in cases(reduced.reduced, np.random.default_rng((seed, place))):
            scores = blank if kind == "blank" else written
            scores[name].append(emptiness_of(Page(image)).blank_probability)
    all_blank, all_written = list(chain(*blank.values())), list(chain(*written.values()))
    limit = float(np.quantile(all_blank, 1 - FOUND))
    yield f"AUC {auc(all_blank, all_written):.4f} over {len(all_blank)} blank and {len(all_written)} written sheets"
    lost = float(np.mean(np.asarray(all_written) >= limit))
    yield f"At the limit {limit:.4f} that finds {FOUND:.0%} of the blank ones, {lost:.1%} of the written ones are lost"
    yield ""
    yield "| sheet | probability of blank: least | median | most | found or lost |"
    yield "|---|---|---|---|---|"
    for kind, scores in (("blank", blank), ("written", written)):
        for name, each in scores.items():
            share = float(np.mean(np.asarray(each) >= limit))
            yield f"| {kind}: {name} | {min(each):.3f} | {np.median(each):.3f} | {max(each):.3f} | {share:.0%} |"


def cases(page: Image.Image, dice: Dice) -> Iterator[tuple[str, str, Image.Image]]:
    """Make every sheet of a page, at the size at which the measures look at it."""
    sheet, ink = emptied(page, dice), darkness_of(page)
    for name, make in BLANK.items():
        yield "blank", name, Image.fromarray(make(sheet, ink, dice))
    for name, make in WRITTEN.items():
        yield "written", name, Image.fromarray(make(sheet, ink, dice))
    yield "written", "page as it is", page


def in_black_and_white(sheet: Sheet) -> Sheet:
    """Make a sheet black and white as a scanner does, at two thirds of its own tone."""
    grey = sheet if sheet.ndim == 2 else np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2GRAY), np.uint8)
    return np.where(grey < 0.66 * np.median(grey), 0, 255).astype(np.uint8)
