"""The text of a page: lines of words, each with its place on the image; as a reader told it and as it is kept."""

import json
import re
import zlib
from dataclasses import dataclass
from typing import Self
from unicodedata import category, normalize

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
LINES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})  # all that Tesseract calls a line
LARGEST_KEPT = 64 << 20
_NUMBERS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class NotHocr(ValueError):
    """What a reader told is no hOCR of one page."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in Unicode's composed form (NFC), and where it begins and ends from the left, in pixels."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline: its height where the line begins (pixels from the top) and its slope; the letters' size.

    A slope of 0.01 goes down by one pixel in a hundred.
    """

    left: float
    baseline: float
    slope: float
    size: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on a page, in pixels of an image of this size."""

    width: int
    height: int
    lines: tuple[Line, ...]

    @classmethod
    def of_hocr(cls, told: bytes) -> Self:
        """Read the hOCR of a page. Raises NotHocr."""
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
        try:
            root = etree.fromstring(told, parser)
            page = next(each for each in root.iter(f"{XHTML}div") if each.get("class") == "ocr_page")
            _, _, width, height = numbers(page, "bbox", 4)
            lines = (line_of(each) for each in page.iter(f"{XHTML}span") if each.get("class") in LINES)
            return cls(int(width), int(height), tuple(line for line in lines if line.words))
        except (etree.XMLSyntaxError, StopIteration, ValueError) as broken:
            raise NotHocr(str(broken)) from broken

    @classmethod
    def of_bytes(cls, kept: bytes) -> Self:
        """Unpack what `to_bytes` packed."""
        unpacking = zlib.decompressobj()
        width, height, lines = json.loads(unpacking.decompress(kept, LARGEST_KEPT))
        return cls(
            width,
            height,
            tuple(
                Line(left, baseline, slope, size, tuple(Word(*word) for word in words))
                for left, baseline, slope, size, words in lines
            ),
        )

    def to_bytes(self) -> bytes:
        """Pack the text for the database: some two kilobytes a page."""
        lines = [
            (line.left, line.baseline, line.slope, line.size, [(w.text, w.left, w.right) for w in line.words])
            for line in self.lines
        ]
        return zlib.compress(json.dumps([self.width, self.height, lines], ensure_ascii=False).encode())

    @property
    def words(self) -> list[str]:
        """Give the words alone, in order."""
        return [word.text for line in self.lines for word in line.words]


def line_of(element: etree._Element) -> Line:
    """Read a line with its words."""
    left, top, _right, bottom = numbers(element, "bbox", 4)
    slope, offset = numbers(element, "baseline", 2, (0.0, 0.0))
    (size,) = numbers(element, "x_size", 1, (bottom - top,))
    words = (word_of(each) for each in element.iter(f"{XHTML}span") if each.get("class") == "ocrx_word")
    return Line(left, bottom + offset, slope, max(size, 1.0), tuple(word for word in words if word.text))


def word_of(element: etree._Element) -> Word:
    """Read a word."""
    left, _top, right, _bottom = numbers(element, "bbox", 4)
    return Word(clean("".join(map(str, element.itertext()))), left, max(right, left + 1))


def numbers(element: etree._Element, name: str, count: int, otherwise: tuple[float, ...] | None = None) -> list[float]:
    """Read the numbers of a property in an element's title. Raises ValueError where there are not so many."""
    for told in (element.get("title") or "").split(";"):
        key, _, values = told.strip().partition(" ")
        if key == name:
            found = [float(number) for number in _NUMBERS.findall(values)]
            if len(found) == count:
                return found
    if otherwise is None:
        raise ValueError(f"no {name} of {count} numbers")
    return list(otherwise)


def clean(text: str) -> str:
    """Compose letters with their marks into one character each, and leave out what is no writing."""
    return normalize("NFC", "".join(each for each in text if category(each)[0] != "C" and not each.isspace()))
