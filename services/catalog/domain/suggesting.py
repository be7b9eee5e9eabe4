"""What a description lets expect: rules in the language of the filters; a person confirms what they suggest."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.catalog.domain.filters import terms_of
from services.catalog.domain.finding_errors import EvidencePlaceUnknown
from services.catalog.domain.physical import CARRIER, CONDITION
from services.catalog.domain.programme import Suggestion
from services.catalog.domain.searching import Search, matches, phrases_in
from services.catalog.domain.terms import Entry, term
from services.catalog.domain.text import tidied_lines

PLACES = ("years", "conditions", "carrier")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A criterion that a dossier seems to meet, and the evidence that its description gives."""

    criterion: str
    evidence: str


def rule_of(suggestion: Suggestion, criteria: Collection[str]) -> Search:
    """Give the question whose answers have not been marked with the criterion that they seem to meet."""
    told = suggestion.filters
    codes = terms_of({name: code for name, code in told.items() if name not in ("q", "until_year")}, criteria)
    until = told.get("until_year")
    without = (term("criterion", suggestion.criterion),)
    return Search(phrases_in(told.get("q", "")), codes, without, until_year=int(until) if until else None)


def both(one: Search, other: Search) -> Search:
    """Give the question that asks what two questions ask."""
    starts = [each.from_year for each in (one, other) if each.from_year is not None]
    ends = [each.until_year for each in (one, other) if each.until_year is not None]
    return Search(
        (*one.phrases, *other.phrases),
        {**one.codes, **{f"{name} too": terms for name, terms in other.codes.items()}},
        (*one.without, *other.without),
        max(starts, default=None),
        min(ends, default=None),
    )


def suggested(
    told: Mapping[str, Any], entry: Entry, suggestions: Collection[Suggestion], criteria: Collection[str]
) -> list[Suggested]:
    """Give the criteria that a dossier seems to meet and is not marked with, each once, with its evidence."""
    found: dict[str, Suggested] = {}
    for suggestion in suggestions:
        if suggestion.criterion not in found and matches(rule_of(suggestion, criteria), entry):
            evidence = filled(suggestion.evidence, told)
            if evidence:
                found[suggestion.criterion] = Suggested(suggestion.criterion, evidence)
    return list(found.values())


def demand_places(evidence: str) -> None:
    """Raise EvidencePlaceUnknown for a place in braces that nothing fills."""
    unknown = [place for place in IN_BRACES.findall(evidence) if place not in PLACES]
    if unknown:
        raise EvidencePlaceUnknown(", ".join(unknown), places=unknown, known=list(PLACES))


def filled(evidence: str, told: Mapping[str, Any]) -> str:
    """Give the note of one dossier: {years}, {conditions} and {carrier} are its own; empty where it tells none of them.

    What says the same of every dossier, but for a hole, proves nothing of this one.
    """
    words = {
        "years": years_told(told["starts_on"], told["ends_on"]),
        "conditions": ", ".join(CONDITION[code].vi.lower() for code in told["conditions"] if code in CONDITION),
        "carrier": CARRIER[told["carrier"]].vi.lower() if told["carrier"] in CARRIER else "",
    }
    asked = [place for place in PLACES if f"{{{place}}}" in evidence]
    if asked and not any(words[place] for place in asked):
        return ""
    for place in asked:
        evidence = evidence.replace(f"{{{place}}}", words[place])
    return tidied_lines(evidence)


def years_told(starts_on: str | None, ends_on: str | None) -> str:
    """Write the years of a period."""
    return "-".join(dict.fromkeys(each[:4] for each in (starts_on, ends_on) if each))
