"""The description of a dossier as values, and everything that can be wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.catalog.domain import codes
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.partial_date import in_order

LONGEST = {
    "file_code": 100,
    "title": 1000,
    "keywords": 100,
    "information_sign": 30,
    "paper_file_code": 100,
    "note": 2000,
}
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Description:
    """The 18 fields of Circular 05/2025/TT-BNV and what choosing needs; dates are ISO 8601, cut where unknown."""

    file_code: str
    title: str
    page_count: int
    retention: str = "01"
    access_level: str = "01"
    languages: tuple[str, ...] = ()
    starts_on: str | None = None
    ends_on: str | None = None
    keywords: str = ""
    document_count: int | None = None
    sheet_count: int | None = None
    physical_condition: str | None = None
    information_sign: str = ""
    trust_level: str | None = None
    paper_file_code: str = ""
    reserve: bool = True
    note: str = ""
    series_code: str | None = None
    is_arranged: bool = False
    secrecy: str = "none"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that is wrong, and why, as a stable code."""

    field: str
    code: str


def wrongs_of(told: Description) -> Iterator[Wrong]:
    """Give everything that is wrong with a description (Circular 05/2025/TT-BNV: codes, lengths, obligations)."""
    for field in ("file_code", "title"):
        if not getattr(told, field):
            yield Wrong(field, "missing")
    for field, longest in LONGEST.items():
        if len(getattr(told, field)) > longest:
            yield Wrong(field, "too_long")
    yield from wrong_codes(told)
    yield from wrong_counts(told)
    if not in_order(told.starts_on, told.ends_on):
        yield Wrong("ends_on", "before_start")
    if told.trust_level == codes.DIGITISED and not told.paper_file_code:
        yield Wrong("paper_file_code", "missing_for_digitised")
    if told.access_level == codes.CLASSIFIED and told.secrecy != Secrecy.SECRET:
        yield Wrong("access_level", "secret_contradicts_secrecy")


def wrong_codes(told: Description) -> Iterator[Wrong]:
    """Compare coded fields with the circular's lists."""
    if told.retention not in codes.RETENTION:
        yield Wrong("retention", "not_permanent" if told.retention in {f"0{n}" for n in range(2, 8)} else "unknown")
    if told.access_level not in codes.ACCESS_LEVEL:
        yield Wrong("access_level", "unknown")
    if any(language not in codes.LANGUAGE for language in told.languages):
        yield Wrong("languages", "unknown")
    if len(set(told.languages)) != len(told.languages):
        yield Wrong("languages", "repeated")
    if told.physical_condition is not None and told.physical_condition not in codes.PHYSICAL_CONDITION:
        yield Wrong("physical_condition", "unknown")
    if told.trust_level is not None and told.trust_level not in codes.TRUST_LEVEL:
        yield Wrong("trust_level", "unknown")
    if told.secrecy not in set(Secrecy):
        yield Wrong("secrecy", "unknown")


def wrong_counts(told: Description) -> Iterator[Wrong]:
    """Hold the counts against each other: a page has a sheet, a document has a page."""
    if not 1 <= told.page_count <= MOST_PAGES:
        yield Wrong("page_count", "out_of_range")
    for field in ("document_count", "sheet_count"):
        value = getattr(told, field)
        if value is not None and not 1 <= value <= MOST_PAGES:
            yield Wrong(field, "out_of_range")
        elif value is not None and value > told.page_count >= 1:
            yield Wrong(field, "more_than_pages")
