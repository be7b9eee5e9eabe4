"""Which pages make which document: sealing knows neither gaps nor overlaps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.ingest.errors import DocumentIdsTooLong, DocumentsMisfit
from shared.eark.numbers import LONGEST_DOCUMENT_ID, document_id, has_room
from shared.events.catalog import DocumentDescription


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """One document of a dossier and its pages, both ends included."""

    number: int
    title: str
    first_page: int
    last_page: int


def settled_in(documents: str) -> tuple[DocumentPages, ...]:
    """Read the documents of a closed dossier from JSON, which may tell more of each."""
    names = ("number", "title", "first_page", "last_page")
    return tuple(DocumentPages(*(each[name] for name in names)) for each in json.loads(documents))


def fitted(documents: Sequence[DocumentPages], last_page: int, dossier_title: str) -> tuple[DocumentPages, ...]:
    """Give the documents of a dossier of pages 1..last_page; a dossier that is not itemised is one document.

    Raises DocumentsMisfit when the documents do not fill exactly these pages, each one after the other.
    """
    if not documents:
        return (DocumentPages(1, dossier_title, 1, last_page),)
    expected = 1
    for number, document in enumerate(documents, start=1):
        if document.number != number:
            raise DocumentsMisfit(f"document {document.number} stands where document {number} belongs")
        if document.first_page != expected or document.last_page < document.first_page:
            raise DocumentsMisfit(f"document {number} should begin at page {expected}")
        expected = document.last_page + 1
    if expected != last_page + 1:
        raise DocumentsMisfit(f"the documents end at page {expected - 1}, the dossier at page {last_page}")
    return tuple(documents)


def renamed(settled: Sequence[DocumentPages], before: Sequence[str], after: Sequence[str]) -> tuple[DocumentPages, ...]:
    """Give documents whose pages are settled the titles of a newer description, where they had those of the older.

    Documents that an operator divided otherwise stay as they are: no newer description speaks of them.
    """
    if [each.title for each in settled] != list(before) or len(before) != len(after):
        return tuple(settled)
    return tuple(replace(each, title=title) for each, title in zip(settled, after, strict=True))


def redescribed(
    settled: Sequence[DocumentPages], before: Sequence[DocumentDescription], after: Sequence[DocumentDescription]
) -> tuple[DocumentPages, ...] | None:
    """Give documents whose pages are sealed the titles of a newer description, None where that divides them otherwise.

    A description that tells the same pages as the older one, or none, has not divided anything anew; one that tells the
    pages that were sealed speaks of these very documents, also where an operator had divided them.
    """
    if [pages_of(each) for each in before] == [pages_of(each) for each in after]:
        return renamed(settled, [each.title for each in before], [each.title for each in after])
    if len(after) != len(settled):
        return None
    sealed = [(each.first_page, each.last_page) for each in settled]
    if any(pages_of(each) not in ((None, None), pages) for each, pages in zip(after, sealed, strict=True)):
        return None
    return tuple(replace(each, title=told.title) for each, told in zip(settled, after, strict=True))


def divided_anew(after: Sequence[DocumentDescription], last_page: int) -> tuple[DocumentPages, ...] | None:
    """Give the documents of a newer description over the sealed pages 1..last_page, None where it does not tell them.

    One document that tells no pages has them all.
    """
    if len(after) == 1 and pages_of(after[0]) == (None, None):
        return (DocumentPages(1, after[0].title, 1, last_page),)
    told = [(each.number, each.title, each.first_page, each.last_page) for each in after]
    documents = [
        DocumentPages(number, title, first, last)
        for number, title, first, last in told
        if first is not None and last is not None
    ]
    if len(documents) != len(told):
        return None
    try:
        return fitted(documents, last_page, "")
    except DocumentsMisfit:
        return None


def pages_of(document: DocumentDescription) -> tuple[int | None, int | None]:
    """Give the pages that a document is told to fill."""
    return document.first_page, document.last_page


def demand_room(file_code: str, documents: int) -> None:
    """Raise DocumentIdsTooLong when the ids of a dossier's documents would be longer than the circular allows."""
    if not has_room(file_code, documents):
        raise DocumentIdsTooLong(f"{document_id(file_code, documents)}: more than {LONGEST_DOCUMENT_ID} characters")
