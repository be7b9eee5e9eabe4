"""Dossiers: described, searched, given criteria and documents."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Here, Lines, OptionalWords, Words, id_before
from services.catalog.domain.description import Description, Wrong
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.partial_date import iso_of
from services.catalog.domain.text import folded
from services.catalog.models import CriterionMark, Document, Dossier
from services.catalog.operations import describing
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.wire import Count, Flag, In, Listing, Ordinal, Out, cursor_of

router: APIRouter = guarded_router()


class DescriptionIn(In):
    """A dossier as the circular describes it; dates as dd/mm/yyyy, mm/yyyy, yyyy or ISO 8601."""

    file_code: Words
    title: Words
    page_count: Count
    retention: Words = "01"
    access_level: Words = "01"
    languages: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    starts_on: Words | None = None
    ends_on: Words | None = None
    keywords: OptionalWords = ""
    document_count: Count | None = None
    sheet_count: Count | None = None
    physical_condition: Words | None = None
    information_sign: OptionalWords = ""
    trust_level: Words | None = None
    paper_file_code: OptionalWords = ""
    reserve: Flag = True
    note: Lines = ""
    series_code: Words | None = None
    is_arranged: Flag = False
    secrecy: Literal["none", "expired", "removed", "secret"] = "none"

    def description(self) -> Description:
        """Give the description with its dates in ISO form. Raises FieldWrong."""
        values = self.model_dump(exclude={"fonds_id"})
        for field in ("starts_on", "ends_on"):
            values[field] = iso_date(field, values[field])
        return Description(**values)


def iso_date(field: str, told: str | None) -> str | None:
    """Give a date in ISO form. Raises FieldWrong."""
    try:
        return iso_of(told) if told is not None else None
    except ValueError as wrong:
        raise describing.wrong_fields([Wrong(field, "not_a_date")]) from wrong


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
    """A document of a dossier and the pages it is expected to fill, both ends included."""

    number: Ordinal
    title: Words
    type_code: Words | None = None
    issued_on: Words | None = None
    first_page: Ordinal | None = None
    last_page: Ordinal | None = None

    def line(self) -> DocumentLine:
        """Give the document with its date in ISO form. Raises FieldWrong."""
        return DocumentLine(**{**self.model_dump(), "issued_on": iso_date("issued_on", self.issued_on)})


class DocumentsIn(In):
    """All documents of a dossier, numbered from 1."""

    documents: Annotated[tuple[DocumentIn, ...], Field(max_length=10_000)]


class DossierOut(Out):
    """A dossier with its criteria."""

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
    list_id: UUID | None
    criteria: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it


class DocumentOut(Out):
    """A document of a dossier; `issued_on` is ISO 8601, cut where unknown."""

    number: int
    title: str
    type_code: str | None
    issued_on: str | None
    first_page: int | None
    last_page: int | None


class WholeDossierOut(DossierOut):
    """A dossier with its criteria and documents."""

    documents: list[DocumentOut]


class DossierQuery(In):
    """What a list of dossiers is narrowed by."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str | None, Field(max_length=500)] = None
    fonds_id: UUID | None = None
    list_id: UUID | None = None
    criterion: Annotated[str | None, Field(max_length=100)] = None
    q: Annotated[str, Field(max_length=200)] = ""


@router.post("/dossiers", status_code=201)
async def create_dossier(body: DossierIn, uow: Uow, here: Here) -> DossierOut:
    """Add a dossier."""
    made = await describing.create_dossier(uow, body.fonds_id, body.description(), secrets_allowed=here.secrets_allowed)
    return DossierOut.model_validate(made)


@router.get("/dossiers")
async def list_dossiers(session: Reading, asks: Annotated[DossierQuery, Query()]) -> Listing[DossierOut]:
    """List dossiers, newest last; `q` finds words of code, title and keywords, with or without accents."""
    asked = select(Dossier).order_by(col(Dossier.id)).limit(asks.limit)
    if asks.fonds_id:
        asked = asked.where(Dossier.fonds_id == asks.fonds_id)
    if asks.list_id:
        asked = asked.where(Dossier.list_id == asks.list_id)
    if asks.criterion:
        marked = select(CriterionMark.dossier_id).where(CriterionMark.criterion == asks.criterion)
        asked = asked.where(col(Dossier.id).in_(marked))
    for word in folded(asks.q).split():
        asked = asked.where(col(Dossier.folded).contains(word, autoescape=True))
    if asks.cursor:
        asked = asked.where(col(Dossier.id) > id_before(asks.cursor))
    rows = list(await session.exec(asked))
    more = cursor_of(str(rows[-1].id)) if len(rows) == asks.limit else None
    return Listing(items=await shown(session, rows), next=more)


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading) -> WholeDossierOut:
    """Show one dossier with its documents."""
    return await whole(session, dossier_id)


@router.put("/dossiers/{dossier_id}")
async def change_dossier(dossier_id: UUID, body: DescriptionIn, uow: Uow, here: Here) -> DossierOut:
    """Change the description of a dossier that is on no submitted or approved list."""
    made = await describing.change_dossier(uow, dossier_id, body.description(), secrets_allowed=here.secrets_allowed)
    return (await shown(uow.session, [made]))[0]


@router.put("/dossiers/{dossier_id}/criteria")
async def set_criteria(dossier_id: UUID, body: CriteriaIn, uow: Uow, here: Here) -> WholeDossierOut:
    """Say which criteria a dossier meets, with the evidence for each."""
    marks = {mark.criterion: mark.evidence for mark in body.criteria}
    await describing.set_criteria(uow, dossier_id, marks, here.programme)
    return await whole(uow.session, dossier_id)


@router.put("/dossiers/{dossier_id}/documents")
async def set_documents(dossier_id: UUID, body: DocumentsIn, uow: Uow) -> WholeDossierOut:
    """Say which documents a dossier has, and on which pages."""
    await describing.set_documents(uow, dossier_id, [each.line() for each in body.documents])
    return await whole(uow.session, dossier_id)


async def whole(session: AsyncSession, dossier_id: UUID) -> WholeDossierOut:
    """Show one dossier with everything. Raises NotFound."""
    await session.flush()
    row = await session.get(Dossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    asked = select(Document).where(Document.dossier_id == dossier_id).order_by(col(Document.number))
    documents = [DocumentOut.model_validate(each) for each in await session.exec(asked)]
    return WholeDossierOut(**(await shown(session, [row]))[0].model_dump(), documents=documents)


async def shown(session: AsyncSession, rows: list[Dossier]) -> list[DossierOut]:
    """Show dossiers with their criteria, one query for all of them."""
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([row.id for row in rows]))
    marks: dict[UUID, dict[str, str]] = {}
    for mark in await session.exec(asked):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return [DossierOut.model_validate(row).model_copy(update={"criteria": marks.get(row.id, {})}) for row in rows]
