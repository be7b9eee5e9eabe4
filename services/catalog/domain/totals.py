"""What a selection list adds up to, series by series, and what scanning it is estimated to take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from services.catalog.domain.order import place_of

A4_IN = {"A3": 2, "A2": 4, "A1": 8, "A0": 16}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the estimates rest on: bytes that an A4 page takes, and A4 pages that are scanned in a day."""

    bytes_per_page: int
    pages_per_day: int


@dataclass(frozen=True, slots=True)
class Measure:
    """How large one dossier is; `sheets` is None where nobody counted them, `a4_pages` what its pages count for."""

    series_code: str | None
    sheets: int | None
    pages: int
    a4_pages: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Dossiers added up; those without a count of sheets are counted apart, for the sum of sheets lacks them."""

    dossiers: int
    sheets: int
    dossiers_without_sheets: int
    pages: int
    a4_pages: int

    @classmethod
    def of(cls, measures: Iterable[Measure]) -> "Totals":
        """Add dossiers up."""
        every = list(measures)
        return cls(
            dossiers=len(every),
            sheets=sum(each.sheets or 0 for each in every),
            dossiers_without_sheets=sum(each.sheets is None for each in every),
            pages=sum(each.pages for each in every),
            a4_pages=sum(each.a4_pages for each in every),
        )

    def estimated_bytes(self, assumed: Assumptions) -> int:
        """Estimate how much room the images take in one copy."""
        return self.a4_pages * assumed.bytes_per_page

    def estimated_days(self, assumed: Assumptions) -> int:
        """Estimate how many days of scanning it takes, begun days counted whole."""
        return ceil(self.a4_pages / assumed.pages_per_day)


def by_series(measures: Iterable[Measure]) -> list[tuple[str | None, Totals]]:
    """Add dossiers up series by series, in the order of the list."""
    grouped: dict[str | None, list[Measure]] = {}
    for each in measures:
        grouped.setdefault(each.series_code, []).append(each)
    return [(code, Totals.of(grouped[code])) for code in sorted(grouped, key=lambda code: place_of(code, ""))]


def a4_pages(page_count: int, page_sizes: Mapping[str, int]) -> int:
    """Say for how many A4 pages a dossier counts: an A3 page for two, and so on; one whose size nobody told for one."""
    larger = sum(count * (A4_IN[size] - 1) for size, count in page_sizes.items() if size in A4_IN)
    return max(page_count, sum(page_sizes.values())) + larger
