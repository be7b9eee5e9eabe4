"""The terms that a dossier is found by: its words without accents, and one for each of its codes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.catalog.domain.text import folded

# PostgreSQL's parser takes 1e5x for a number and a word, so the number ends before the e. A letter that is neither
# a-z nor a digit stands alone: Chinese has no spaces.
_WORD = re.compile(r"[0-9]+(?=e[0-9])|[a-z0-9]+|[^\W_]")
_APART = "u00b6"  # a word between two fields, so that no phrase reaches over; nobody can type it, for ¶ is no letter
EARLIEST, LATEST = 1800, 2199
WORDED = ("file_code", "title", "keywords", "paper_file_code", "note")
SINGLE = {
    "retention": "retention", "access_level": "access_level", "physical_condition": "physical_condition",
    "trust_level": "trust_level", "secrecy": "secrecy", "kind": "kind", "carrier": "carrier",
}  # fmt: skip
SEVERAL = {"language": "languages", "condition": "conditions", "size": "page_sizes"}
CLAIMS = {"legible": "is_legible", "arranged": "is_arranged", "reserve": "reserve"}
TOLD = (
    *WORDED, *SINGLE.values(), *SEVERAL.values(), *CLAIMS.values(), "fonds_id", "list_id", "series_code", "starts_on",
    "ends_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a dossier; the years are those that its documents begin and end in."""

    words: tuple[str, ...]
    codes: frozenset[str]
    first_year: int | None
    last_year: int | None

    def columns(self) -> dict[str, Any]:
        """Give the entry as it is kept."""
        return {
            "words": " ".join(self.words),
            "codes": " ".join(sorted(self.codes)),
            "first_year": self.first_year,
            "last_year": self.last_year,
        }


def words_in(text: str) -> list[str]:
    """Give the words of a text, folded: a-z and digits only, every other letter as its number in Unicode."""
    return [word if word.isascii() else f"u{ord(word):x}" for word in _WORD.findall(folded(text))]


def term(name: str, code: str | UUID) -> str:
    """Give the term of a code. Codes of series are free text, and go in as digits.

    It begins with a colon, so that no beginning of a word is the beginning of a term.
    """
    told = code.hex if isinstance(code, UUID) else code.encode().hex() if name == "series" else code.lower()
    return f":{name}:{told}"


def entry_of(told: Mapping[str, Any], criteria: Iterable[str]) -> Entry:
    """Give what the index has to know of a dossier with these columns and criteria."""
    first, last = year_of(told["starts_on"] or told["ends_on"]), year_of(told["ends_on"] or told["starts_on"])
    words: list[str] = []
    for field in WORDED:
        words += [*words_in(told[field]), _APART]
    codes = {*codes_of(told), *(term("criterion", each) for each in criteria), *decades(first, last)}
    return Entry(tuple(words[:-1]), frozenset(codes), first, last)


def codes_of(told: Mapping[str, Any]) -> Iterator[str]:
    """Give the terms of the coded columns of a dossier."""
    yield term("fonds_id", told["fonds_id"])
    yield term("listed", "false" if told["list_id"] is None else "true")
    if told["list_id"] is not None:
        yield term("list_id", told["list_id"])
    if told["series_code"]:
        yield term("series", told["series_code"])
    for name, field in SINGLE.items():
        if told[field]:
            yield term(name, told[field])
    for name, field in SEVERAL.items():
        for code in told[field]:
            yield term(name, code)
    for name, field in CLAIMS.items():
        yield term(name, "true" if told[field] else "false")


def year_of(iso: str | None) -> int | None:
    """Give the year of a cut date."""
    return int(iso[:4]) if iso else None


def decades(first: int | None, last: int | None) -> Iterator[str]:
    """Give the terms of all decades that a period touches, those before 1800 as one; or that of no period."""
    if first is None or last is None:
        yield term("decade", "undated")
        return
    last = max(first, last)
    if first < EARLIEST:
        yield term("decade", "early")
    for decade in range(max(first, EARLIEST) // 10, last // 10 + 1):
        yield term("decade", str(decade * 10))
