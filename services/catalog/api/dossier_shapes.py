"""Dossiers, their criteria and documents as they travel."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.catalog.api.shapes import Lines, OptionalTitle, OptionalWords, Prose, Title, Words
from services.catalog.domain.description import Description, Wrong
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.partial_date import iso_of
from services.catalog.domain.physical import in_order
from services.catalog.operations.describing import wrong_fields
from shared.wire import Count, Flag, In, Ordinal, Out


class DescriptionIn(In):
    """A dossier as the circular describes it; dates as dd/mm/yyyy, mm/yyyy, yyyy or ISO 8601."""

    file_code: Words
    title: Title
    page_count: Count
    retention: Words = "01"
    access_level: Words = "01"
    languages: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    starts_on: Words | None = None
    ends_on: Words | None = None
    keywords: OptionalTitle = ""
    document_count: Count | None = None
    sheet_count: Count | None = None
    physical_condition: Words | None = None
    information_sign: OptionalWords = ""
    trust_level: Words | None = None
    paper_file_code: OptionalWords = ""
    reserve: Flag = True
    note: Prose = ""
    series_code: Words | None = None
    is_arranged: Flag = False
    secrecy: Literal["none", "expired", "removed", "secret"] = "none"
    kind: Words | None = None
    carrier: Words | None = None
    conditions: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    is_legible: Flag = True
    sheet_sizes: Annotated[dict[Words, Count], Field(max_length=20)] = {}  # noqa: RUF012 - pydantic copies it
    page_sizes: Annotated[dict[Words, Count], Field(max_length=20)] = {}  # noqa: RUF012 - pydantic copies it
    box: OptionalTitle = ""
    shelf: OptionalTitle = ""
    arrangement_number: OptionalWords = ""
    arrangement_on: Words | None = None
    removed_sheet_count: Count | None = None
    secrecy_by: OptionalWords = ""
    secrecy_decision: OptionalWords = ""

    def description(self) -> Description:
        """Give the description with its dates in ISO form. Raises FieldWrong."""
        values = self.model_dump(exclude={"fonds_id"})
        for field in ("starts_on", "ends_on", "arrangement_on"):
            values[field] = iso_date(field, values[field])
        for field in ("sheet_sizes", "page_sizes"):
            values[field] = in_order(values[field])
        return Description(**values)


def iso_date(field: str, told: str | None) -> str | None:
    """Give a date in ISO form. Raises FieldWrong."""
    try:
        return iso_of(told) if told is not None else None
    except ValueError as wrong:
        raise wrong_fields([Wrong(field, "not_a_date")]) from wrong


class DossierIn(DescriptionIn):
    """A new dossier of a fonds."""

    fonds_id: UUID


class MarkIn(In):
    """A criterion and the evidence that the dossier meets it."""

    criterion: Words
    evidence: Annotated[Lines, Field(min_length=1)]


class CriteriaIn(In):
    """All criteria that a dossier meets."""

    criteria: Annotated[tuple[MarkIn, ...], Field(max_length=20)]


class DocumentIn(In):
    """A document of a dossier as the circular describes it, and the pages it should fill, both ends included."""

    number: Ordinal
    title: Title
    type_code: Words | None = None
    issued_on: Words | None = None
    first_page: Ordinal | None = None
    last_page: Ordinal | None = None
    code_number: OptionalWords = ""
    code_notation: OptionalWords = ""
    issuer: OptionalTitle = ""
    languages: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    access_level: Words | None = None
    information_sign: OptionalWords = ""
    keywords: OptionalTitle = ""
    trust_level: Words | None = None
    autograph: Prose = ""
    physical_condition: Words | None = None
    note: Prose = ""
    retention: Words | None = None
    has_workflow: Flag | None = None

    def line(self) -> DocumentLine:
        """Give the document with its date in ISO form. Raises FieldWrong."""
        return DocumentLine(**{**self.model_dump(), "issued_on": iso_date("issued_on", self.issued_on)})


class DocumentsIn(In):
    """All documents of a dossier, numbered from 1."""

    documents: Annotated[tuple[DocumentIn, ...], Field(max_length=10_000)]


class BlockOut(Out):
    """What keeps a dossier off a selection list, in the reader's language."""

    code: str
    message: str


class DossierOut(Out):
    """A dossier with its criteria, and what keeps it off a selection list."""

    id: UUID
    version: int
    fonds_id: UUID
    file_code: str
    title: str
    page_count: int
    retention: str
    access_level: str
    languages: list[str]
    starts_on: str | None
    ends_on: str | None
    keywords: str
    document_count: int | None
    sheet_count: int | None
    physical_condition: str | None
    information_sign: str
    trust_level: str | None
    paper_file_code: str
    reserve: bool
    note: str
    series_code: str | None
    is_arranged: bool
    secrecy: str
    kind: str | None
    carrier: str | None
    conditions: list[str]
    is_legible: bool
    sheet_sizes: dict[str, int]
    page_sizes: dict[str, int]
    box: str
    shelf: str
    arrangement_number: str
    arrangement_on: str | None
    removed_sheet_count: int | None
    secrecy_by: str
    secrecy_decision: str
    list_id: UUID | None
    archived_at: datetime | None
    criteria: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    blocks: list[BlockOut] = []  # noqa: RUF012 - pydantic copies it


class DocumentOut(Out):
    """A document of a dossier; `issued_on` is ISO 8601, cut where unknown."""

    number: int
    title: str
    type_code: str | None
    issued_on: str | None
    first_page: int | None
    last_page: int | None
    code_number: str
    code_notation: str
    issuer: str
    languages: list[str]
    access_level: str | None
    information_sign: str
    keywords: str
    trust_level: str | None
    autograph: str
    physical_condition: str | None
    note: str
    retention: str | None
    has_workflow: bool | None


class WholeDossierOut(DossierOut):
    """A dossier with its criteria and documents."""

    documents: list[DocumentOut]


class RestorationIn(In):
    """The version that a dossier is brought back to."""

    version: Ordinal


class PastOut(Out):
    """What an act changed: how the parts it changed were in `version`, which it ended."""

    version: int
    act: str
    at: datetime
    by: str
    content: dict[str, Any]
