"""The description that travels with the pages: the whole dossier as `dossier.json`."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import ClassVar, Literal, Self

from pydantic import Field, TypeAdapter

from shared.eark.body import Body
from shared.eark.errors import PagesDisorderly
from shared.eark.moment import Moment
from shared.eark.package import PackageDescription, PackageFile, PackagePage
from shared.eark.profile import PackageType
from shared.eark.record import Record, canonical
from shared.events.catalog import DocumentDescription, DossierDescription, FondsDescription


class LeftOutPage(Record):
    """A page that is known but not in the package, with the reason in words."""

    number: int = Field(ge=1)
    explanation: str


@dataclass(frozen=True, slots=True)
class ReadingFile:
    """The reading form of a document, by the document's number: its pages, and the file as its package knows it."""

    document: int
    page_count: int
    file: PackageFile


Held = PackagePage | ReadingFile  # what lies in a representation
DOCUMENTS = TypeAdapter(tuple[DocumentDescription, ...])
PAGES = TypeAdapter(tuple[PackagePage, ...])
READINGS = TypeAdapter(tuple[ReadingFile, ...])


@dataclass(frozen=True, slots=True)
class DossierContent:
    """What a package says of a dossier: description, documents, pages in order of number, and what was left out.

    `readings` are the reading forms of its documents, in order; none where they were not made. Documents, pages and
    readings may be many: whoever makes them lays them down in `Kept`. Raises PagesDisorderly when there is no page,
    numbers repeat or go back, a page is both there and left out, or a reading form has no document.
    """

    fonds: FondsDescription
    dossier: DossierDescription
    documents: Sequence[DocumentDescription]
    pages: Sequence[PackagePage]
    left_out: tuple[LeftOutPage, ...] = ()
    readings: Sequence[ReadingFile] = ()
    _numbers: Sequence[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = array("q", (page.number for page in self.pages))
        absent = [page.number for page in self.left_out]
        if not numbers:
            raise PagesDisorderly("a package without a page")
        if not rise(numbers) or not rise(absent):
            raise PagesDisorderly("page numbers repeat or are out of order")
        if both := set(absent).intersection(numbers):
            raise PagesDisorderly(f"pages both packed and left out: {sorted(both)[:10]}")
        read = array("q", (reading.document for reading in self.readings))
        if not rise(read) or (read and set(read).difference(document.number for document in self.documents)):
            raise PagesDisorderly("reading forms repeat, are out of order, or have no document")
        object.__setattr__(self, "_numbers", numbers)

    @property
    def document_count(self) -> int:
        """Count the documents of the dossier as its description tells: one that is not itemised is described as one.

        Where nobody told, and never fewer than that, it is how many are described.
        """
        return max(self.dossier.document_count or 0, len(self.documents))

    @property
    def is_itemised(self) -> bool:
        """Say whether its documents are told apart: one that is not itemised is one document of its own title."""
        return len(self.documents) != 1 or self.documents[0].title != self.dossier.title

    def document(self, number: int) -> DocumentDescription:
        """Give a document by its number, which is its place."""
        return self.documents[number - 1]

    def page_count_of(self, number: int) -> int:
        """Count the pages of a document that are here."""
        document = self.document(number)
        first, last = document.first_page or 1, document.last_page or 0
        return bisect_right(self._numbers, last) - bisect_left(self._numbers, first)


def rise(numbers: Sequence[int]) -> bool:
    """Say whether each number is larger than the one before."""
    return all(before < after for before, after in pairwise(numbers))


class RecordedPackage(Record):
    """The package that a record lies in, and the packages it names."""

    objid: str
    package_type: PackageType
    parts: tuple[str, ...] = ()
    whole: str | None = None
    predecessor: str | None = None


class RecordedPage(Record):
    """A page as the record lists it; `file` is its path in the package that holds the pages."""

    indent: ClassVar[int | None] = 1

    number: int
    version: int
    file: str
    file_name: str = ""
    size: int
    sha256: str
    crc32: int
    media_type: str
    created_at: Moment

    @classmethod
    def of(cls, page: PackagePage) -> Self:
        """Enter a page."""
        file = page.file
        return cls(
            number=page.number,
            version=page.version,
            file=file.path,
            file_name=page.file_name,
            size=file.size,
            sha256=file.sha256,
            crc32=file.crc32,
            media_type=file.media_type,
            created_at=file.created_at,
        )

    def page(self) -> PackagePage:
        """Give the page back. Raises UnsafePath, PackageMisdescribed."""
        file = PackageFile(self.file, self.size, self.sha256, self.crc32, self.media_type, self.created_at)
        return PackagePage(self.number, self.version, file, self.file_name)


class DossierRecord(Record):
    """`metadata/descriptive/dossier.json`: everything a later package of the same dossier is made from
    (`record_reading`).

    `pages_held_by` is the OBJID of the package in which the page files lie: this one, or its first part.
    """

    indent: ClassVar[int | None] = 1

    format: Literal["saoluu.dossier.v1"] = "saoluu.dossier.v1"
    package: RecordedPackage
    pages_held_by: str
    fonds: FondsDescription
    dossier: DossierDescription
    documents: tuple[DocumentDescription, ...]
    pages: tuple[RecordedPage, ...]
    left_out: tuple[LeftOutPage, ...]

    @classmethod
    def of(cls, description: PackageDescription, content: DossierContent) -> Self:
        """Record a dossier for one package."""
        package = RecordedPackage(
            objid=description.objid,
            package_type=description.package_type,
            parts=description.parts,
            whole=description.whole,
            predecessor=description.predecessor,
        )
        return cls(
            package=package,
            pages_held_by=description.parts[0] if description.parts else description.objid,
            fonds=content.fonds,
            dossier=content.dossier,
            documents=tuple(content.documents),
            pages=tuple(RecordedPage.of(page) for page in content.pages),
            left_out=content.left_out,
        )

    @classmethod
    def written(cls, description: PackageDescription, content: DossierContent) -> Body:
        """Write the record of a dossier document by document and page by page, as `to_bytes` would write it at once."""
        empty = cls.of(description, replace(content, documents=(), readings=(), pages=content.pages[:1]))
        rest = empty.model_copy(update={"pages": ()}).to_bytes()
        documents = (canonical(each, cls.indent) for each in content.documents)
        pages = (RecordedPage.of(page).to_bytes().decode().rstrip() for page in content.pages)
        out = Body()
        for name, texts in (("documents", documents), ("pages", pages)):
            before, rest = rest.split(f'\n "{name}": [],'.encode())
            out.write(before + f'\n "{name}": ['.encode())
            is_empty = True
            for text in texts:
                out.write(("\n  " if is_empty else ",\n  ").encode() + text.replace("\n", "\n  ").encode())
                is_empty = False
            out.write(b"]," if is_empty else b"\n ],")
        out.write(rest)
        return out
