"""Letters of one text that differ in their number, date, name and amount: as alike as two sheets can be."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]

SIZE = (1654, 2339)  # A4 at 200 dpi
PAPER, INK = (236, 233, 222), (58, 54, 60)
LEFT, TOP, STEP = 150, 150, 60
LINES, WORDS = (18, 32), (9, 13)
SYLLABLES = ("ng", "uy", "tr", "an", "ho", "le", "ph", "uc", "vi", "em", "so", "da", "kh", "oi", "ba", "th")
NAMES = ("Nguyen Van Binh", "Tran Thi Hoa", "Hoang Dinh Chien", "Le Minh Duc", "Pham Quoc Khanh", "Vu Thi Lan")
FIRST, ALL, FEW, ONE = "first", "all", "few", "one"  # of all four fields another letter's, of two, of the number alone


def letters(chance: Generator) -> Iterator[tuple[str, Pixels]]:
    """Give four letters of one text, invented anew: the first, and others that differ from it in less and less."""
    size = int(chance.integers(28, 38))
    text = [words(chance, int(chance.integers(*WORDS))) for _ in range(int(chance.integers(*LINES)))]
    number, date, name, amount = fields(chance)
    another = fields(chance)
    while any(one == other for one, other in zip(another, (number, date, name, amount), strict=True)):
        another = fields(chance)
    yield FIRST, drawn(text, number, date, name, amount, size)
    yield ALL, drawn(text, *another, size)
    yield FEW, drawn(text, *another[:2], name, amount, size)
    yield ONE, drawn(text, another[0], date, name, amount, size)


def fields(chance: Generator) -> tuple[str, str, str, str]:
    """Invent what differs from letter to letter."""
    return (
        str(chance.integers(101, 999)),
        f"{chance.integers(1, 29)}/{chance.integers(1, 13)}/19{chance.integers(60, 99)}",
        str(chance.choice(NAMES)),
        f"{chance.integers(11, 99)}.{chance.integers(100, 999)}",
    )


def words(chance: Generator, count: int) -> str:
    """Invent some words."""
    return " ".join("".join(chance.choice(SYLLABLES, int(chance.integers(1, 4)))) for _ in range(count))


def drawn(text: list[str], number: str, date: str, name: str, amount: str, size: int) -> Pixels:
    """Draw a letter."""
    image = Image.new("RGB", SIZE, PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    pen.text((LEFT, TOP), f"So: {number}/QD-UB", font=font, fill=INK)
    pen.text((SIZE[0] - 6 * LEFT // 2, TOP), f"Ngay {date}", font=font, fill=INK)
    lines = [*text[:4], f"Ong/Ba: {name}", *text[4:9], f"So tien: {amount} dong", *text[9:]]
    for place, line in enumerate(lines):
        pen.text((LEFT, TOP + 2 * STEP + STEP * place), line, font=font, fill=INK)
    return np.asarray(image)
