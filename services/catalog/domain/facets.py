"""Which codes of which fields dossiers are counted by."""

from collections.abc import Mapping, Sequence

from services.catalog.domain.filters import CODED
from services.catalog.domain.finding_errors import FilterWrong
from services.catalog.domain.searching import Search
from services.catalog.domain.terms import LATEST, decades, term


def facets_asked(told: str, criteria: Mapping[str, object], present: Sequence[str]) -> dict[str, Sequence[str]]:
    """Give the codes to count by, by field; `present` are the decades that there are. Raises FilterWrong."""
    known: dict[str, Sequence[str]] = {name: list(codes) for name, codes in CODED.items()}
    known |= {"criterion": list(criteria), "decade": present}
    names = [part.strip() for part in told.split(",")]
    for name in names:
        if name not in known:
            raise FilterWrong(f"nothing is counted by {name[:100]!r}", filter="by", value=name[:100])
    return {name: known[name] for name in dict.fromkeys(names)}


def narrowed_to(asked: Search, name: str, code: str) -> Search | None:
    """Give a question that also asks for one code; None when its own filter of that name, or its years, rule it out."""
    told = asked.codes.get(name)
    one = term(name, code)
    if told is not None and one not in told:
        return None
    if name == "decade" and asked.has_years and one not in decades(asked.from_year or 1, asked.until_year or LATEST):
        return None
    return Search(asked.phrases, {**asked.codes, name: (one,)}, asked.without, asked.from_year, asked.until_year)
