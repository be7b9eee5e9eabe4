"""Invented pages in many faces, hands and languages, to learn from: what they say means nothing, how it looks does."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from bench.qc.wearing import worn

DEMO = Path(__file__).parents[2] / "cli" / "demo"
WRITTEN = re.compile(
    "ecolier|dancing|typoscript|joscelyn|breip|bwht|isabella|rufscript|kristi|sjfonts|femke|dkg|z003|chorus|jinky", re.I
)
TYPED = re.compile("mono|courier|cursor|typewriter|nimbusmono|lmmono", re.I)
MARKED = "ếộữằỷđ"
GREATEST = 2000

Face = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Lettering:
    """Fonts by family and words by language."""

    families: tuple[tuple[Path, ...], ...]
    words: tuple[tuple[str, ...], ...]

    def face(self, dice: Random, size: int) -> tuple[Path, Face]:
        """Draw a face: a third are hands, a fifth typewriters."""
        kind = dice.random()
        wanted = WRITTEN if kind < 0.3 else TYPED if kind < 0.5 else None
        families = [each for each in self.families if wanted is None or wanted.search(str(each[0]))] or self.families
        path = dice.choice(dice.choice(families))
        return path, ImageFont.truetype(str(path), size)


def lettering(fonts: list[Path], lists: list[Path]) -> Lettering:
    """Read fonts and word lists; Vietnamese words come from our own demo."""
    families: dict[str, list[Path]] = {}
    for folder in fonts:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in (".ttf", ".otf", ".pfb", ".t1") and is_latin(path):
                families.setdefault(re.split(r"[-_.\d]", path.stem)[0].lower(), []).append(path)
    demo = " ".join(path.read_text("utf-8") for path in sorted(DEMO.glob("*.toml")))
    words = [tuple(sorted(set(re.findall(r"[^\W\d_]+", demo))))]
    words += [tuple(path.read_text("utf-8", "replace").split()) for path in lists]
    return Lettering(tuple(tuple(each) for _, each in sorted(families.items())), tuple(words))


def is_latin(path: Path) -> bool:
    """Tell whether a font has small Latin letters that rise above and reach below the x-height."""
    try:
        face = ImageFont.truetype(str(path), 40)
        x, b, p = (face.getbbox(letter) for letter in "xbp")
    except (OSError, ValueError):
        return False
    return b[1] < x[1] - 3 and p[3] > x[3] + 3 and not re.search("math|symbol|dingbat|glyphicon", path.stem, re.I)


@cache
def has_marks(path: Path) -> bool:
    """Tell whether a font has the letters of Vietnamese."""
    face = ImageFont.truetype(str(path), 20)
    missing = bytes(face.getmask("\ufffe"))
    return all(bytes(face.getmask(letter)) != missing for letter in MARKED)


class Sheet:
    """A page that is being lettered: one face, one language, one ink."""

    def __init__(self, letters: Lettering, dice: Random) -> None:
        self.dice = dice
        self.size = dice.randint(13, 40)
        self.path, self.face = letters.face(dice, self.size)
        x = self.face.getbbox("x")
        while x[3] - x[1] < 5 and self.size < 90:  # some faces are small for their size
            self.size = round(self.size * 1.3)
            self.face = ImageFont.truetype(str(self.path), self.size)
            x = self.face.getbbox("x")
        self.written = bool(WRITTEN.search(str(self.path)))
        number = 0 if dice.random() < 0.4 else dice.randrange(len(letters.words))
        self.words = letters.words[number]
        self.bare = number == 0 and not has_marks(self.path)
        width, height = dice.randint(900, 1500), dice.randint(1000, 1900)
        self.image = Image.new("L", (width, height), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.pitch = max(8, round(self.size * dice.uniform(1.05, 1.9)))
        self.ink = dice.choice((0, 0, 30, 60))

    def word(self) -> str:
        """Draw a word, a number or a mark."""
        dice = self.dice
        if dice.random() < 0.06:
            return str(dice.randint(1, 10 ** dice.randint(1, 6))) + dice.choice(("", "", ".", "/"))
        word = dice.choice(self.words)
        if self.bare:
            word = plain_letters(word)
        kind = dice.random()
        word = word.upper() if kind < 0.03 else word.capitalize() if kind < 0.15 else word.lower()
        return word + dice.choice(("",) * 14 + (",", ",", ".", ";", ":", "."))

    def line(self, width: float) -> str:
        """Draw words until a line is full."""
        words: list[str] = []
        while self.face.getlength(" ".join(words)) < width:
            words.append(self.word())
        return " ".join(words[:-1])

    def write(self, x: float, y: float, text: str) -> None:
        """Put a line down; a hand does not keep to its line."""
        if not self.written:
            self.draw.text((x, y), text, fill=self.ink, font=self.face)
            return
        slope, drift = self.dice.gauss(0, 0.004), self.dice.gauss(0, self.size * 0.04)
        for word in text.split():
            self.draw.text((x, y + drift), word, fill=self.ink, font=self.face)
            length = self.face.getlength(word + " ") * self.dice.uniform(0.9, 1.2)
            x, drift = x + length, drift + slope * length + self.dice.gauss(0, self.size * 0.02)

    def column(self, left: int, right: int, top: int, bottom: int) -> None:
        """Fill a column with paragraphs, headings and gaps."""
        dice, y = self.dice, float(top)
        while y < bottom - self.pitch:
            for number in range(dice.randint(1, 12)):
                if y > bottom - self.pitch:
                    return
                indent = self.size * 2 if number == 0 else 0
                self.write(left + indent, y, self.line(right - left - indent))
                y += self.pitch
            self.write(left, y, self.line((right - left) * dice.uniform(0.1, 0.9)))
            y += self.pitch * dice.choice((1, 1, 1, 2, 3))
            if dice.random() < 0.1:
                return

    def table(self, left: int, right: int, top: int, bottom: int) -> None:
        """Fill a table: a few columns of short texts, ruled or not."""
        dice = self.dice
        cuts = sorted({left, right, *(dice.randint(left, right) for _ in range(dice.randint(2, 7)))})
        ruled, y = dice.random() < 0.7, float(top)
        while y < bottom - self.pitch:
            for start, end in pairwise(cuts):
                if end - start > self.size * 2 and dice.random() < 0.75:
                    self.write(start + 5, y, self.line((end - start - 8) * dice.uniform(0.4, 1)))
            y += self.pitch * dice.choice((1, 1, 1.5))
            if ruled and dice.random() < 0.5:
                self.draw.line((left, y, right, y), fill=self.ink + 60, width=dice.randint(1, 2))
        if ruled:
            for cut in cuts:
                self.draw.line((cut, top, cut, bottom), fill=self.ink + 60, width=dice.randint(1, 2))

    def fill(self) -> None:
        """Letter the whole page."""
        dice, (width, height) = self.dice, self.image.size
        margin, top = dice.randint(40, 160), dice.randint(40, 250)
        bottom = height - dice.randint(40, 160) if dice.random() < 0.7 else dice.randint(top + 150, height)
        if dice.random() < 0.2:
            for y in range(top + self.pitch - 2, bottom, self.pitch):  # lined paper
                self.draw.line((margin, y, width - margin, y), fill=170, width=1)
        kind = dice.random()
        if kind < 0.25:
            self.table(margin, width - margin, top, bottom)
        elif kind < 0.45:
            middle = width // 2
            self.column(margin, middle - 20, top, bottom)
            self.column(middle + 20, width - margin, top, bottom)
        else:
            self.column(margin, width - margin, top, bottom)


def plain_letters(word: str) -> str:
    """Take Vietnamese marks off a word, for faces that lack them."""
    bare = "".join(letter for letter in normalize("NFD", word) if letter.isascii() or letter in "đĐ")
    return bare.replace("đ", "d").replace("Đ", "D")


def lettered(letters: Lettering, dice: Random) -> Image.Image:
    """Make one upright page, worn as scans are."""
    sheet = Sheet(letters, dice)
    sheet.fill()
    image = sheet.image
    if sheet.written or dice.random() < 0.1:  # hands slant and are narrow or wide
        slant, wide = dice.uniform(-0.2, 0.6), dice.uniform(0.7, 1.2)
        matrix = (1 / wide, slant / wide, -slant * image.height / 2, 0, 1, 0)
        image = image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=255)
    return worn(image, dice)
