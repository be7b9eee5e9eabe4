"""What a single turned bit does to a page in each format: nothing, one block, more, and how much of that is noticed."""

import random
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.qc.damage import flips
from bench.qc.integrity import WRITERS, is_noticed, written
from bench.qc.pages import Sound

PAGES, EACH = 6, 12
BLOCK = 34  # pixels: a block that is coded together, and what is smoothed round it
NOTHING, ONE_BLOCK, MORE, ALL = "nothing", "one block", "more", "undecodable"


def measure_bits(pages: list[Sound], seed: int) -> Iterator[str]:
    """Turn single bits; a change of one block is as good a page as the true one, so nobody can know of it."""
    yield f"| one bit turned in | {NOTHING} | {ONE_BLOCK} | {MORE} | {ALL} | noticed, of more | noticed, of all |"
    yield "|---" * 7 + "|"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        for writer in WRITERS:
            seen: list[tuple[str, bool]] = []
            for number, page in enumerate(pages[:: max(1, len(pages) // PAGES)][:PAGES]):
                whole = written(page.image, writer)
                for round_ in range(EACH):
                    chance = random.Random(f"{seed} {number} {writer} {round_}")  # noqa: S311 - damage, no secret
                    broken = flips(1)(whole, chance)
                    seen.append((extent(pixels_of(whole), pixels_of(broken)), is_noticed(path, broken)))
            kinds = [share([kind == each for kind, _ in seen]) for each in (NOTHING, ONE_BLOCK, MORE, ALL)]
            of_more = share([noticed for kind, noticed in seen if kind == MORE])
            yield f"| {' | '.join([writer, *kinds, of_more, share([noticed for _, noticed in seen])])} |"


def pixels_of(content: bytes) -> NDArray[np.int16] | None:
    """Decode a file as any viewer does; None for what it cannot."""
    try:
        with Image.open(BytesIO(content)) as image:
            return np.asarray(image.convert("RGB")).astype(np.int16)
    except Exception:  # noqa: BLE001 - whatever it raises, there is no picture
        return None


def extent(whole: NDArray[np.int16] | None, broken: NDArray[np.int16] | None) -> str:
    """Say how far a broken page differs from the whole one."""
    if whole is None or broken is None or whole.shape != broken.shape:
        return ALL
    rows, columns = np.nonzero((whole != broken).any(axis=2))
    if not len(rows):
        return NOTHING
    return ONE_BLOCK if max(int(np.ptp(rows)), int(np.ptp(columns))) < BLOCK else MORE


def share(told: list[bool]) -> str:
    """Give a share in per cent."""
    return f"{100 * sum(told) / len(told):.0f}" if told else "-"
