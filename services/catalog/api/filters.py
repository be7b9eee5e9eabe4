"""What a list of dossiers is narrowed by, as it stands in an address."""

from dataclasses import asdict, dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from services.catalog.api.shapes import Here
from services.catalog.domain.filters import terms_of
from services.catalog.domain.searching import Search, phrases_in
from shared.wire import Numeral, Term, Words

Year = Annotated[Numeral, Query(ge=1, le=9999)]
OTHERS = ("q", "from_year", "until_year")


@dataclass(frozen=True)
class Narrowed:
    """Filters of dossiers; several codes of one filter are separated by commas, and one of them is enough."""

    q: Words = ""
    fonds_id: UUID | None = None
    list_id: UUID | None = None
    series: Term | None = None
    criterion: Term | None = None
    without_criterion: Term | None = None
    retention: Term | None = None
    access_level: Term | None = None
    language: Term | None = None
    physical_condition: Term | None = None
    trust_level: Term | None = None
    secrecy: Term | None = None
    kind: Term | None = None
    carrier: Term | None = None
    condition: Term | None = None
    size: Term | None = None
    decade: Term | None = None
    legible: Term | None = None
    arranged: Term | None = None
    reserve: Term | None = None
    listed: Term | None = None
    from_year: Year | None = None
    until_year: Year | None = None

    @property
    def told(self) -> dict[str, str | int]:
        """Give the filters that are there, as they stand in an address."""
        present = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {name: value if isinstance(value, int) else str(value) for name, value in present.items()}


def search_asked(told: Annotated[Narrowed, Depends()], here: Here) -> Search:
    """Give the question that an address asks. Raises SearchUnclear, FilterWrong."""
    filters = {name: value for name, value in asdict(told).items() if name not in OTHERS and value is not None}
    terms = terms_of(filters, here.programme.criteria)
    without = terms.pop("without_criterion", ())
    return Search(phrases_in(told.q), terms, without, told.from_year, told.until_year)


Filters = Annotated[Narrowed, Depends()]
Searched = Annotated[Search, Depends(search_asked)]
