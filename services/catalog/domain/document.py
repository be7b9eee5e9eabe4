"""Documents of a dossier: numbered from 1, each on pages of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.catalog.domain.codes import DOCUMENT_TYPE
from services.catalog.domain.description import Wrong


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as told: `first_page` and `last_page` are both there or both not, both ends included.

    `type_code` is typeName of Circular 05/2025/TT-BNV (01..32); `issued_on` is ISO 8601, cut where unknown.
    """

    number: int
    title: str
    type_code: str | None = None
    issued_on: str | None = None
    first_page: int | None = None
    last_page: int | None = None


def wrong_documents(documents: Sequence[DocumentLine], page_count: int) -> Iterator[tuple[int, Wrong]]:
    """Give everything wrong with the documents of a dossier of `page_count` pages, each with the document's place."""
    last = 0
    for place, each in enumerate(documents, start=1):
        if each.number != place:
            yield place, Wrong("number", "out_of_order")
        if each.type_code not in (None, *DOCUMENT_TYPE):
            yield place, Wrong("type_code", "unknown")
        why = wrong_pages(each, last, page_count)
        if why:
            yield place, Wrong("pages", why)
        last = max(last, each.last_page or 0)


def wrong_pages(told: DocumentLine, last: int, page_count: int) -> str | None:
    """Say what is wrong with the pages of a document that follows page `last`, or None."""
    if told.first_page is None or told.last_page is None:
        return None if told.first_page == told.last_page else "half_told"
    if told.first_page > told.last_page:
        return "backwards"
    if told.first_page <= last:
        return "overlap"
    return "beyond_dossier" if told.last_page > page_count else None
