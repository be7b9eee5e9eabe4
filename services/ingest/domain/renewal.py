"""Which reading forms a newer description makes anew, and of which pages of the older ones they are put together."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ingest.domain.documents import DocumentPages
from shared.eark.numbers import document_id


@dataclass(frozen=True, slots=True)
class FormWords:
    """What a reading form says of itself: title, the body whose records these are, its own code, its masters' pages."""

    title: str
    creator: str
    identifier: str
    source: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What the forms of one dossier say alike, by one description of it.

    `whole` is the code of the one document of a dossier that is not itemised, as its file is named; else empty.
    """

    title: str
    fonds_title: str
    file_code: str
    masters_objid: str
    whole: str = ""

    def words_of(self, document: DocumentPages) -> FormWords:
        """Say what the form of a document says of itself."""
        return FormWords(
            title=document.title or self.title,
            creator=self.fonds_title,
            identifier=self.whole or document_id(self.file_code, document.number),
            source=f"{self.masters_objid}, {document.first_page}-{document.last_page}",
        )


@dataclass(frozen=True, slots=True)
class Portion:
    """Pages of an older reading form, by their places in it from 1, both ends included, and by their numbers."""

    document: int
    first_place: int
    last_place: int
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """A reading form that is made anew; `is_divided` where no older form has exactly its pages."""

    document: DocumentPages
    words: FormWords
    portions: tuple[Portion, ...]
    is_divided: bool

    @property
    def page_count(self) -> int:
        """Count its pages."""
        return sum(each.last_place - each.first_place + 1 for each in self.portions)


def renewals(
    older: Sequence[DocumentPages],
    before: Naming,
    newer: Sequence[DocumentPages],
    after: Naming,
    numbers: Sequence[int],
) -> Iterator[Renewal]:
    """Give the forms that would say something else of themselves than the older one of the same pages and number.

    `numbers` are those of the sealed pages, rising; a document without any of them has no form.
    """
    said = {before.words_of(each) for each in older}
    whole = {(each.first_page, each.last_page) for each in older}
    begins = [each.first_page for each in older]
    for document in newer:
        words = after.words_of(document)
        portions = () if words in said else tuple(portions_of(document, older, begins, numbers))
        if portions:
            yield Renewal(document, words, portions, (document.first_page, document.last_page) not in whole)


def portions_of(
    document: DocumentPages, older: Sequence[DocumentPages], begins: Sequence[int], numbers: Sequence[int]
) -> Iterator[Portion]:
    """Find the sealed pages of a document in older forms, in order of page."""
    for place in range(max(bisect_right(begins, document.first_page) - 1, 0), len(older)):
        each = older[place]
        if each.first_page > document.last_page:
            return
        first, last = max(document.first_page, each.first_page), min(document.last_page, each.last_page)
        found = slice(bisect_left(numbers, first), bisect_right(numbers, last))
        if found.start < found.stop:
            before = bisect_left(numbers, each.first_page)
            yield Portion(each.number, found.start - before + 1, found.stop - before, first, last)
