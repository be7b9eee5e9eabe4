"""Months as old papers name them: in Latin numerals, in Vietnamese words, in French and as clerks cut that short.

The Vietnamese names of the first and the last two months (giêng, một, chạp) are those of the lunar year, and not read.
"""

from collections.abc import Iterable

ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
IN_WORDS = {"hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
            "muoi mot": 11, "muoi hai": 12}  # fmt: skip
MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
          "decembre")  # fmt: skip
FRENCH_NAMES = {name: number for number, name in enumerate(MONTHS, start=1)} | {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "7bre": 9, "oct": 10, "8bre": 10,
    "nov": 11, "9bre": 11, "dec": 12, "xbre": 12, "10bre": 12,
}  # fmt: skip


def among(names: Iterable[str]) -> str:
    """Give the pattern of one of some names, the longer first."""
    return "|".join(sorted(names, key=len, reverse=True))


def month_number(told: str) -> str:
    """Give the number of a month, however it is told."""
    known = ROMAN | IN_WORDS | FRENCH_NAMES
    return str(known[told]) if told in known else told
