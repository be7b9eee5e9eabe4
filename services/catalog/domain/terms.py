"""The terms that a dossier is found by: its words without accents, and one for each of its codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.catalog.domain.found_words import WORDED, words_of

EARLIEST, LATEST = 1800, 2199
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


def term(name: str, code: str | UUID) -> str:
    """Give the term of a code. Codes of series are free text, and go in as digits.

    It begins with a colon, so that no beginning of a word is the beginning of a term.
    """
    told = code.hex if isinstance(code, UUID) else code.encode().hex() if name == "series" else code.lower()
    return f":{name}:{told}"


def entry_of(
    told: Mapping[str, Any],
    criteria: Iterable[str],
    documents: Iterable[Mapping[str, Any]] = (),
    lists: Iterable[UUID] = (),
) -> Entry:
    """Give what the index has to know of a dossier with these columns, criteria and documents, entered on `lists`."""
    first, last = year_of(told["starts_on"] or told["ends_on"]), year_of(told["ends_on"] or told["starts_on"])
    codes = {*codes_of(told), *(term("criterion", each) for each in criteria), *decades(first, last)}
    codes |= {term("list_id", each) for each in lists}
    return Entry(tuple(words_of(told, documents)), frozenset(codes), first, last)


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
