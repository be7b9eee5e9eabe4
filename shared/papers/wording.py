"""How papers word what they tell: days, numbers below ten, counts in words, and text that any office file may hold."""

from datetime import date
from unicodedata import category

from shared.number_words import in_words

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NOWHERE = frozenset("\ufffe\uffff")  # no characters, and in no XML
BLANK = "…………………………………"
SHORT_BLANK = "………………"


def day(when: date) -> str:
    """Write a day as dd/mm/yyyy."""
    return f"{when:%d/%m/%Y}"


def two_digits(number: int) -> str:
    """Write a number as Decree 30/2020/NĐ-CP wants it in a document: 05, but 12."""
    return f"{number:02d}"


def plain(text: str) -> str:
    """Give a text as one line: what no office file may hold becomes visible, marks that turn its direction go."""
    kept = (" " if each.isspace() else each for each in text if each not in BIDI)
    return "".join("\ufffd" if each in NOWHERE or category(each) in ("Cc", "Cs") else each for each in kept).strip()


def sentence(text: str) -> str:
    """End a text with a full stop, unless it has one."""
    return text if text.endswith(".") else f"{text}."


def said(count: int, unit: str) -> str:
    """Say a count in words, as a sentence begins."""
    words = in_words(count)
    return f"{words[0].upper()}{words[1:]} {unit}"
