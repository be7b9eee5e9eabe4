"""Documents of a dossier: numbered from 1, each on pages of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.catalog.domain import codes
from services.catalog.domain.description import Wrong, beyond_lengths, wrong_languages
from services.catalog.domain.partial_date import is_future

LONGEST = {
    "title": 500,
    "code_number": 11,
    "code_notation": 30,
    "issuer": 200,
    "information_sign": 30,
    "keywords": 100,
    "autograph": 2000,
    "note": 500,
}
CODED = {
    "type_code": codes.DOCUMENT_TYPE,
    "retention": codes.DOCUMENT_RETENTION,
    "access_level": codes.ACCESS_LEVEL,
    "trust_level": codes.TRUST_LEVEL,
    "physical_condition": codes.PHYSICAL_CONDITION,
}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as told: `first_page` and `last_page` are both there or both not, both ends included.

    The fields of Circular 05/2025/TT-BNV, but for what follows from the dossier and the number; `title` is the
    abstract (subject), `issuer` organName, `has_workflow` whether how it was dealt with is on record (process); None
    where nobody has said. `issued_on` is ISO 8601, cut where unknown. A code that is not told is the dossier's.
    """

    number: int
    title: str
    type_code: str | None = None
    issued_on: str | None = None
    first_page: int | None = None
    last_page: int | None = None
    code_number: str = ""
    code_notation: str = ""
    issuer: str = ""
    languages: tuple[str, ...] = ()
    access_level: str | None = None
    information_sign: str = ""
    keywords: str = ""
    trust_level: str | None = None
    autograph: str = ""
    physical_condition: str | None = None
    note: str = ""
    retention: str | None = None
    has_workflow: bool | None = None


def is_classified(access_level: object) -> bool:
    """Say whether a document is told to be a state secret: no networked installation keeps one."""
    return access_level == codes.CLASSIFIED


def any_classified(documents: Iterable[DocumentLine]) -> bool:
    """Say whether there is a state secret among documents."""
    return any(is_classified(each.access_level) for each in documents)


def wrong_documents(documents: Sequence[DocumentLine], page_count: int, today: date) -> Iterator[tuple[int, Wrong]]:
    """Give everything wrong with the documents of a dossier of `page_count` pages, each with the document's place."""
    last = 0
    for place, each in enumerate(documents, start=1):
        if each.number != place:
            yield place, Wrong("number", "out_of_order")
        for wrong in wrong_fields_of(each, today):
            yield place, wrong
        why = wrong_pages(each, last, page_count)
        if why:
            yield place, Wrong("pages", why)
        last = max(last, each.last_page or 0)


def wrong_fields_of(told: DocumentLine, today: date) -> Iterator[Wrong]:
    """Hold the fields of a document against the circular's codes and lengths."""
    yield from beyond_lengths(told, LONGEST)
    for field, known in CODED.items():
        if getattr(told, field) not in (None, *known):
            yield Wrong(field, "unknown")
    yield from wrong_languages(told.languages)
    if is_future(told.issued_on, today):
        yield Wrong("issued_on", "in_future")


def wrong_pages(told: DocumentLine, last: int, page_count: int) -> str | None:
    """Say what is wrong with the pages of a document that follows page `last`, or None."""
    if told.first_page is None or told.last_page is None:
        return None if told.first_page == told.last_page else "half_told"
    if told.first_page > told.last_page:
        return "backwards"
    if told.first_page <= last:
        return "overlap"
    return "beyond_dossier" if told.last_page > page_count else None
