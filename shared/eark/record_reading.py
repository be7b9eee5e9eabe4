"""Read a dossier's record document by document and page by page; read at once it takes ten times the room."""

from collections.abc import Iterator
from itertools import chain

from shared.eark.description import DOCUMENTS, PAGES, DossierContent, DossierRecord, RecordedPage
from shared.eark.kept import Kept
from shared.eark.record import parsed
from shared.events.catalog import DocumentDescription

LONG = ("documents", "pages")  # lists, in the order of the record
BETWEEN_ELEMENTS, END_OF_LIST = b"\n  },", b"\n ]"  # no string holds one: a line feed is spelled out in JSON


def content_of(body: bytes) -> DossierContent:
    """Give back what was recorded, for the next package.

    Raises RecordUnreadable, PagesDisorderly, UnsafePath, PackageMisdescribed.
    """
    rest, elements = taken_apart(body)
    record = DossierRecord.from_bytes(rest)
    documents = chain(record.documents, (parsed(DocumentDescription, each) for each in elements["documents"]))
    pages = chain(record.pages, (parsed(RecordedPage, each) for each in elements["pages"]))
    return DossierContent(
        record.fonds,
        record.dossier,
        Kept(DOCUMENTS, documents),
        Kept(PAGES, (page.page() for page in pages)),
        record.left_out,
    )


def taken_apart(body: bytes) -> tuple[bytes, dict[str, Iterator[bytes]]]:
    """Take the elements of the long lists out of a record; gives what is left, and them.

    A list that is empty, or was not written as ours are, is left where it is.
    """
    rest, at = b"", 0
    elements: dict[str, Iterator[bytes]] = dict.fromkeys(LONG, iter(()))
    for name in LONG:
        opening = f'\n "{name}": ['.encode()
        begin = body.find(opening + b"\n", at) + len(opening)
        end = body.find(END_OF_LIST, begin)
        if begin >= len(opening) and end > 0:
            elements[name] = elements_of(body, begin, end)
            rest, at = rest + body[at:begin], end
    return rest + body[at:], elements


def elements_of(body: bytes, at: int, stop: int) -> Iterator[bytes]:
    """Give the elements of a list one by one."""
    while (end := body.find(BETWEEN_ELEMENTS, at, stop)) >= 0:
        yield body[at : end + len(BETWEEN_ELEMENTS) - 1]
        at = end + len(BETWEEN_ELEMENTS)
    yield body[at:stop]
