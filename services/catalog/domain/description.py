"""The description of a dossier as values, and everything that can be wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date

from services.catalog.domain import codes, physical
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.partial_date import in_order, is_future
from services.catalog.domain.text import CONTROL, is_visible

LONGEST = {
    "file_code": 100,
    "title": 1000,
    "keywords": 100,
    "information_sign": 30,
    "paper_file_code": 100,
    "note": 2000,
    "box": 50,
    "shelf": 50,
    "arrangement_number": 100,
    "secrecy_by": 200,
    "secrecy_decision": 200,
}
MOST_PAGES = 100_000
OUTCOMES = frozenset(Secrecy)
OTHER_RETENTIONS = frozenset({"02", "03", "04", "05", "06", "07"})


@dataclass(frozen=True, slots=True)
class Description:
    """The 18 fields of Circular 05/2025/TT-BNV and what choosing needs; dates are ISO 8601, cut where unknown.

    `arrangement_number` and `arrangement_on` are of the certificate that it is wholly arranged (chỉnh lý hoàn chỉnh).
    `secrecy_by` looked for secrets and took out `removed_sheet_count` sheets; `secrecy_decision` says that the term of
    protection is over.
    """

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
    kind: str | None = None
    carrier: str | None = None
    conditions: tuple[str, ...] = ()
    is_legible: bool = True
    sheet_sizes: Mapping[str, int] = attribute(default_factory=dict)
    page_sizes: Mapping[str, int] = attribute(default_factory=dict)
    box: str = ""
    shelf: str = ""
    arrangement_number: str = ""
    arrangement_on: str | None = None
    removed_sheet_count: int | None = None
    secrecy_by: str = ""
    secrecy_decision: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that is wrong, and why."""

    field: str
    why: str

    @property
    def code(self) -> str:
        """Give the stable code of this kind of fault, such as `title_too_long`."""
        return f"{self.field}_{self.why}"


def wrongs_of(told: Description, today: date) -> Iterator[Wrong]:
    """Give everything that is wrong with a description (Circular 05/2025/TT-BNV: codes, lengths, obligations)."""
    yield from wrong_texts(told)
    yield from wrong_codes(told)
    yield from wrong_counts(told)
    yield from wrong_materials(told)
    yield from wrong_dates(told, today)
    if told.trust_level == codes.DIGITISED and not told.paper_file_code:
        yield Wrong("paper_file_code", "missing_for_digitised")
    if told.access_level == codes.CLASSIFIED and told.secrecy != Secrecy.SECRET:
        yield Wrong("access_level", "contradicts_secrecy")


def wrong_texts(told: Description) -> Iterator[Wrong]:
    """Measure the texts: the two that every dossier has, the circular's lengths, no control characters."""
    for field in ("file_code", "title"):
        if not is_visible(getattr(told, field)):
            yield Wrong(field, "missing")
    yield from beyond_lengths(told, LONGEST)


def beyond_lengths(told: object, longest: Mapping[str, int]) -> Iterator[Wrong]:
    """Measure texts by field."""
    for field, most in longest.items():
        text = getattr(told, field)
        if not text:
            continue
        if len(text) > most:
            yield Wrong(field, "too_long")
        elif CONTROL.search(text):
            yield Wrong(field, "control_character")


def wrong_codes(told: Description) -> Iterator[Wrong]:
    """Compare coded fields with the circular's lists."""
    if told.retention not in codes.RETENTION:
        yield Wrong("retention", "not_permanent" if told.retention in OTHER_RETENTIONS else "unknown")
    if told.access_level not in codes.ACCESS_LEVEL:
        yield Wrong("access_level", "unknown")
    yield from wrong_languages(told.languages)
    if told.physical_condition is not None and told.physical_condition not in codes.PHYSICAL_CONDITION:
        yield Wrong("physical_condition", "unknown")
    if told.trust_level is not None and told.trust_level not in codes.TRUST_LEVEL:
        yield Wrong("trust_level", "unknown")
    if told.secrecy not in OUTCOMES:
        yield Wrong("secrecy", "unknown")


def wrong_languages(languages: Sequence[str]) -> Iterator[Wrong]:
    """Compare languages with the circular's list."""
    if not codes.LANGUAGE.keys() >= set(languages):
        yield Wrong("languages", "unknown")
    elif len(set(languages)) != len(languages):
        yield Wrong("languages", "repeated")


def wrong_counts(told: Description) -> Iterator[Wrong]:
    """Hold the counts against each other: a sheet has a page, a document has a page."""
    if not 1 <= told.page_count <= MOST_PAGES:
        yield Wrong("page_count", "out_of_range")
    if told.removed_sheet_count is not None and not 1 <= told.removed_sheet_count <= MOST_PAGES:
        yield Wrong("removed_sheet_count", "out_of_range")
    for field in ("document_count", "sheet_count"):
        value = getattr(told, field)
        if value is not None and not 1 <= value <= MOST_PAGES:
            yield Wrong(field, "out_of_range")
        elif value is not None and value > told.page_count >= 1:
            yield Wrong(field, "more_than_pages")


def wrong_materials(told: Description) -> Iterator[Wrong]:
    """Compare what the dossier is made of with our lists, and its paper sizes with its counts."""
    if told.kind is not None and told.kind not in physical.KIND:
        yield Wrong("kind", "unknown")
    if told.carrier is not None and told.carrier not in physical.CARRIER:
        yield Wrong("carrier", "unknown")
    if any(condition not in physical.CONDITION for condition in told.conditions):
        yield Wrong("conditions", "unknown")
    elif len(set(told.conditions)) != len(told.conditions):
        yield Wrong("conditions", "repeated")
    if not told.sheet_sizes and not told.page_sizes:
        return
    yield from wrong_sizes("sheet_sizes", told.sheet_sizes, told.sheet_count or told.page_count)
    yield from wrong_sizes("page_sizes", told.page_sizes, told.page_count)


def wrong_sizes(field: str, counts: Mapping[str, int], most: int) -> Iterator[Wrong]:
    """Hold counts by paper size against the sizes and against how many there are; not all of them need be told."""
    if counts.keys() - physical.SIZE.keys():
        yield Wrong(field, "unknown")
    elif any(not 1 <= count <= MOST_PAGES for count in counts.values()):
        yield Wrong(field, "out_of_range")
    elif sum(counts.values()) > most >= 1:
        yield Wrong(field, "more_than_there_are")


def wrong_dates(told: Description, today: date) -> Iterator[Wrong]:
    """Hold the period against itself and against today."""
    for field in ("starts_on", "ends_on", "arrangement_on"):
        if is_future(getattr(told, field), today):
            yield Wrong(field, "in_future")
    if not in_order(told.starts_on, told.ends_on):
        yield Wrong("ends_on", "before_start")
