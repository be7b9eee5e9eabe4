"""Teach the reader that tells which way up text is, and write its weights: `python -m bench.qc.teach_orientation`.

It learns from invented pages in the fonts of `--fonts` (of Debian: fonts-liberation, -texgyre, -lmodern, -urw-base35,
-courier-prime, -gnutypewriter, -ebgaramond, -linuxlibertine, -oldstandard, -junicode, -gotico-antiqua, -ecolier-court,
-dancingscript, -joscelyn, -kristi, -breip and others), with words from our own demo and from `--words` (wfrench,
wngerman), and from real pages of `--pages` if given. The same fonts, words, pages and seed give the same weights. What
is reported, and weighs the evidence, comes from pages that were not learned from: one invented page in five, and every
real page as read by a reader that saw no page of its source.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.qc.drawing import drawn
from bench.qc.judging_odds import NO_TEXT, UPRIGHT, Told, fitted, judged
from bench.qc.lettering import lettered, lettering
from bench.qc.pages import sound_pages
from bench.qc.schooling import Lesson, teach
from cli.demo.chance import chance
from shared.imaging.measuring.orientation import Look, evidence_of, looks_at
from shared.imaging.measuring.page import Page
from shared.imaging.measuring.text_windows import Darkness, Floats
from shared.imaging.measuring.upright import WEIGHTS

HELD_OUT, DRAWING = 5, 8  # one invented page in so many is not learned from, one in so many is a drawing
FOLDS, FOLD_STEPS = 4, 0.75  # readers that leave sources out are only to be judged: they learn less long
VARIANTS = 6
ALWAYS = float("inf")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that stood upright but for a skew, and its windows."""

    name: str
    source: str
    truth: int
    looks: list[Look]


def main() -> None:
    """Gather, teach, weigh, report and write."""
    asked = argparse.ArgumentParser(prog="python -m bench.qc.teach_orientation")
    asked.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")])
    asked.add_argument("--words", type=Path, nargs="*", default=[])
    asked.add_argument("--pages", type=Path, help="a folder of real pages")
    asked.add_argument("--source", default="^[^_]*_([A-Za-z]*)", help="finds the source of a real page in its name")
    asked.add_argument("--turned", nargs="*", default=[], help="NAME=DEGREES of real pages that do not stand upright")
    asked.add_argument("--wordless", nargs="*", default=[], help="names of real pages without Latin text")
    asked.add_argument("--count", type=int, default=2400, help="invented pages")
    asked.add_argument("--steps", type=int, default=2000, help="of teaching, in batches")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, default=WEIGHTS)
    told = asked.parse_args()
    invented = list(invented_pages(told))
    real = list(real_pages(told)) if told.pages else []
    learned_from = [page for number, page in enumerate(invented) if number % HELD_OUT]
    held_out = invented[::HELD_OUT]
    sources = sorted({page.source for page in real})
    apart: list[Told] = []
    for fold in range(min(FOLDS, len(sources))):
        left_out = set(sources[fold::FOLDS])
        reader = taught([*learned_from, *(page for page in real if page.source not in left_out)], told, FOLD_STEPS)
        apart += read((page for page in real if page.source in left_out), reader)
    reader = taught([*learned_from, *real], told)
    unseen = read(held_out, reader)
    reader["judging"] = judging = fitted([*unseen, *apart])
    for name, pages in (("invented", unseen), ("real", apart)):
        if pages:
            print(f"\n{name}", *judged(pages, judging), sep="\n")
    shipped: dict[str, Any] = {name: value.astype(np.float16) for name, value in reader.items()}
    np.savez_compressed(told.out, **shipped)


def invented_pages(told: argparse.Namespace) -> Iterator[Seen]:
    """Make pages of letters, and drawings between them."""
    letters = lettering(told.fonts, told.words)
    for number in range(told.count):
        dice = chance(f"page{(told.seed - 1) * told.count + number}")
        is_drawing = number % DRAWING == DRAWING - 1
        image = drawn(dice) if is_drawing else lettered(letters, dice)
        angle = dice.gauss(0, 1.5) if dice.random() < 0.7 else dice.uniform(-15, 15)
        skewed = image.convert("L").rotate(
            angle, Image.Resampling.BICUBIC, expand=True, fillcolor=dice.choice((0, 255, 200))
        )
        yield Seen(f"invented {number}", "invented", NO_TEXT if is_drawing else UPRIGHT, kept(skewed))


def real_pages(told: argparse.Namespace) -> Iterator[Seen]:
    """Take real pages as they are, and skewed and smaller."""
    turned = {name: int(degrees) for name, degrees in (each.rsplit("=", 1) for each in told.turned)}
    for page in sound_pages(told.pages):
        small = Page(page.image).reduced.convert("L").rotate(-turned.get(page.name, 0), expand=True)
        ground = int(np.median(np.asarray(small)[:20]))
        found = re.search(told.source, page.name)
        truth = NO_TEXT if page.name in told.wordless else UPRIGHT
        dice = chance(told.seed, page.name)
        for number in range(VARIANTS):
            angle = (0.0, dice.gauss(0, 1.5), dice.uniform(-15, 15))[number % 3]
            skewed = small.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
            if number >= VARIANTS // 2:
                skewed.thumbnail((int(skewed.width * dice.uniform(0.6, 0.9)),) * 2, Image.Resampling.LANCZOS)
            yield Seen(page.name, found[1] if found else page.name, truth, kept(skewed))


def kept(image: Image.Image) -> list[Look]:
    """Look at a page both ways round, and keep the windows small."""
    looks = looks_at(Darkness(Page(image)), clearly=ALWAYS)
    return [Look(look.quarters, look.stronger, look.windows.astype(np.float16)) for look in looks]


def taught(pages: Sequence[Seen], told: argparse.Namespace, part: float = 1.0) -> dict[str, Floats]:
    """Teach a reader with pages; text that lies on its side is as little upright as a drawing is."""
    upright, other = [], []
    for page in pages:
        for look in page.looks:
            if page.truth == UPRIGHT and look.quarters == 0:
                upright.append(look.windows)
            else:
                other.append(look.windows[::2])
    lesson = Lesson(np.concatenate(upright), np.concatenate(other))
    print(f"{len(pages)} pages, {len(lesson.upright)} windows of upright text, {len(lesson.other)} others")
    reader: dict[str, Floats] = {}
    for so_far, loss in teach(lesson, round(part * told.steps), told.seed):
        reader = dict(so_far)
        print(f"loss {loss:.4f}", flush=True)
    return reader


def read(pages: Sequence[Seen] | Iterator[Seen], reader: dict[str, Floats]) -> list[Told]:
    """Let a reader read pages."""
    return [Told(page.name, page.truth, evidence_of(page.looks, reader)) for page in pages]


if __name__ == "__main__":
    main()
