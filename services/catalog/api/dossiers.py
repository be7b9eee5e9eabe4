"""Dossiers: described, searched, given criteria and documents."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.description import Description
from services.catalog.domain.folding import folded
from services.catalog.domain.partial_date import iso_of
from services.catalog.errors import FieldWrong
from services.catalog.models import CriterionMark, Document, Dossier
from services.catalog.operations import describing
from shared.auth.guard import guarded_router
from shared.edge import Cursor, Limit, Reading, Uow
from shared.errors import NotFound
from shared.service import context_of
from shared.wire import Count, Flag, In, Line, Listing, Note, Ordinal, Out, cursor_of, place_of

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]


class DescriptionIn(In):
    """A dossier as the circular describes it; dates as dd/mm/yyyy, mm/yyyy, yyyy or ISO 8601."""

    file_code: Line
    title: Line
    page_count: Count
    retention: Line = "01"
    access_level: Line = "01"
    languages: tuple[Line, ...] = ()
    starts_on: Line | None = None
    ends_on: Line | None = None
    keywords: Note = ""
    document_count: Count | None = None
    sheet_count: Count | None = None
    physical_condition: Line | None = None
    information_sign: Note = ""
    trust_level: Line | None = None
    paper_file_code: Note = ""
    reserve: Flag = True
    note: Note = ""
    series_code: Line | None = None
    is_arranged: Flag = False
    secrecy: Literal["none", "expired", "removed", "secret"] = "none"

    def description(self) -> Description:
        """Give the description with its dates in ISO form. Raises FieldWrong."""
        values = self.model_dump(exclude={"fonds_id"})
        for field in ("starts_on", "ends_on"):
            if values[field] is not None:
                try:
                    values[field] = iso_of(values[field])
                except ValueError as wrong:
                    raise FieldWrong(str(wrong), fields=[{"field": field, "code": "not_a_date"}]) from wrong
        return Description(**values)


class DossierIn(DescriptionIn):
    """A new dossier of a fonds."""

    fonds_id: UUID


class MarkIn(In):
    """A criterion and the evidence that the dossier meets it."""

    criterion: Line
    evidence: Line


class CriteriaIn(In):
    """All criteria that a dossier meets."""

    criteria: Annotated[tuple[MarkIn, ...], Field(max_length=20)]


class DocumentIn(In):
    """A document of a dossier and the pages it is expected to fill."""

    number: Ordinal
    title: Line
    first_page: Ordinal | None = None
    last_page: Ordinal | None = None


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


class DocumentsOut(Out):
    """The documents of a dossier."""

    documents: list[DocumentIn]


@router.post("/dossiers", status_code=201)
async def create_dossier(body: DossierIn, uow: Uow, here: Here) -> DossierOut:
    """Add a dossier."""
    made = await describing.create_dossier(uow, body.fonds_id, body.description(), secrets_allowed=here.secrets_allowed)
    return DossierOut.model_validate(made)


@router.get("/dossiers")
async def list_dossiers(
    session: Reading,
    limit: Limit = 100,
    cursor: Cursor = None,
    fonds_id: UUID | None = None,
    criterion: str | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
) -> Listing[DossierOut]:
    """List dossiers, newest last; `q` finds words of code, title and keywords, with or without accents."""
    asked = select(Dossier).order_by(col(Dossier.id)).limit(limit)
    if fonds_id:
        asked = asked.where(Dossier.fonds_id == fonds_id)
    for word in folded(q or "").split():
        asked = asked.where(col(Dossier.folded).contains(word, autoescape=True))
    if criterion:
        marked = select(CriterionMark.dossier_id).where(CriterionMark.criterion == criterion)
        asked = asked.where(col(Dossier.id).in_(marked))
    if cursor:
        asked = asked.where(col(Dossier.id) > UUID(str(place_of(cursor)[0])))
    rows = list(await session.exec(asked))
    more = cursor_of(str(rows[-1].id)) if len(rows) == limit else None
    return Listing(items=await shown(session, rows), next=more)


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading) -> DossierOut:
    """Show one dossier."""
    row = await session.get(Dossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    return (await shown(session, [row]))[0]


@router.put("/dossiers/{dossier_id}")
async def change_dossier(dossier_id: UUID, body: DescriptionIn, uow: Uow, here: Here) -> DossierOut:
    """Change the description of a dossier that is on no submitted list."""
    made = await describing.change_dossier(uow, dossier_id, body.description(), secrets_allowed=here.secrets_allowed)
    return (await shown(uow.session, [made]))[0]


@router.put("/dossiers/{dossier_id}/criteria")
async def set_criteria(dossier_id: UUID, body: CriteriaIn, uow: Uow, here: Here) -> DossierOut:
    """Say which criteria a dossier meets, with the evidence for each."""
    marks = {mark.criterion: mark.evidence for mark in body.criteria}
    await describing.set_criteria(uow, dossier_id, marks, here.programme)
    await uow.session.flush()
    return (await shown(uow.session, [await uow.session.get_one(Dossier, dossier_id)]))[0]


@router.put("/dossiers/{dossier_id}/documents")
async def set_documents(dossier_id: UUID, body: DocumentsIn, uow: Uow) -> DocumentsOut:
    """Say which documents a dossier has."""
    rows = [Document(dossier_id=dossier_id, **each.model_dump()) for each in body.documents]
    await describing.set_documents(uow, dossier_id, rows)
    return DocumentsOut(documents=list(body.documents))


async def shown(session: AsyncSession, rows: list[Dossier]) -> list[DossierOut]:
    """Show dossiers with their criteria, one query for all of them."""
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([row.id for row in rows]))
    marks: dict[UUID, dict[str, str]] = {}
    for mark in await session.exec(asked):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return [DossierOut.model_validate(row).model_copy(update={"criteria": marks.get(row.id, {})}) for row in rows]
