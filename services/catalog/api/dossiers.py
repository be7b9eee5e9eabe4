"""Dossiers: described, searched, given criteria and documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.api.dossier_shapes import (
    CriteriaIn,
    DescriptionIn,
    DocumentOut,
    DocumentsIn,
    DossierIn,
    DossierOut,
    PastOut,
    RestorationIn,
    WholeDossierOut,
)
from services.catalog.api.shapes import Here
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.text import folded
from services.catalog.models import CriterionMark, Document, Dossier, DossierPast
from services.catalog.operations import describing, itemising, marking, restoring
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Term, Truth, Words

router: APIRouter = guarded_router()


@router.post("/dossiers", status_code=201)
async def create_dossier(body: DossierIn, uow: Uow, here: Here, response: Response) -> DossierOut:
    """Add a dossier."""
    made = await describing.create_dossier(uow, body.fonds_id, body.description(), secrets_allowed=here.secrets_allowed)
    tag(response, made.version)
    return DossierOut.model_validate(made)


@dataclass(frozen=True)
class Sought:
    """Which dossiers are looked for; archived ones only where they are asked for."""

    fonds_id: UUID | None = None
    list_id: UUID | None = None
    criterion: Term | None = None
    q: Words = ""
    with_archived: Truth = False

    def query(self) -> SelectOfScalar[Dossier]:
        """Give the query that finds them."""
        asked = select(Dossier)
        if not self.with_archived:
            asked = asked.where(col(Dossier.archived_at).is_(None))
        if self.fonds_id:
            asked = asked.where(Dossier.fonds_id == self.fonds_id)
        if self.list_id:
            asked = asked.where(Dossier.list_id == self.list_id)
        if self.criterion:
            marked = select(CriterionMark.dossier_id).where(CriterionMark.criterion == self.criterion)
            asked = asked.where(col(Dossier.id).in_(marked))
        for word in folded(self.q).split():
            asked = asked.where(col(Dossier.folded).contains(word, autoescape=True))
        return asked


@router.get("/dossiers")
async def list_dossiers(session: Reading, portion: Asked, sought: Annotated[Sought, Depends()]) -> Listing[DossierOut]:
    """List dossiers, newest last; `q` finds words of code, title and keywords, with or without accents."""
    rows, more = await portion.of(session, sought.query(), Dossier.id)
    return Listing(items=await shown(session, rows), next=more)


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading, response: Response) -> WholeDossierOut:
    """Show one dossier with its documents; its ETag is what a change has to name in If-Match."""
    return await whole(session, dossier_id, response)


@router.put("/dossiers/{dossier_id}")
async def change_dossier(
    dossier_id: UUID, body: DescriptionIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> WholeDossierOut:
    """Change the description of a dossier that is on no submitted or approved list."""
    await describing.change_dossier(uow, dossier_id, body.description(), expected, secrets_allowed=here.secrets_allowed)
    return await whole(uow.session, dossier_id, response)


@router.put("/dossiers/{dossier_id}/criteria")
async def set_criteria(
    dossier_id: UUID, body: CriteriaIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> WholeDossierOut:
    """Say which criteria a dossier meets, with the evidence for each."""
    marks = {mark.criterion: mark.evidence for mark in body.criteria}
    await marking.set_criteria(uow, dossier_id, marks, here.programme, expected)
    return await whole(uow.session, dossier_id, response)


@router.put("/dossiers/{dossier_id}/documents")
async def set_documents(
    dossier_id: UUID, body: DocumentsIn, uow: Uow, expected: Expected, response: Response
) -> WholeDossierOut:
    """Say which documents a dossier has, and on which pages."""
    await itemising.set_documents(uow, dossier_id, [each.line() for each in body.documents], expected)
    return await whole(uow.session, dossier_id, response)


@router.post("/dossiers/{dossier_id}/restoration")
async def restore_dossier(
    dossier_id: UUID, body: RestorationIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> WholeDossierOut:
    """Say of a dossier what it said in an older version."""
    await restoring.restore_dossier(uow, here, dossier_id, body.version, expected)
    return await whole(uow.session, dossier_id, response)


@router.get("/dossiers/{dossier_id}/history")
async def list_history(dossier_id: UUID, session: Reading, portion: Asked) -> Listing[PastOut]:
    """List what was changed of a dossier, newest first: who, when, and how it was before."""
    if await session.get(Dossier, dossier_id) is None:
        raise NotFound("no dossier has this id")
    asked = select(DossierPast).where(DossierPast.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, DossierPast.version, is_newest_first=True)
    return Listing(items=[PastOut.model_validate(row) for row in rows], next=more)


async def whole(session: AsyncSession, dossier_id: UUID, response: Response) -> WholeDossierOut:
    """Show one dossier with everything. Raises NotFound."""
    await session.flush()
    row = await session.get(Dossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    tag(response, row.version)
    asked = select(Document).where(Document.dossier_id == dossier_id).order_by(col(Document.number))
    documents = [DocumentOut.model_validate(each) for each in await session.exec(asked)]
    return WholeDossierOut(**(await shown(session, [row]))[0].model_dump(), documents=documents)


async def shown(session: AsyncSession, rows: Sequence[Dossier]) -> list[DossierOut]:
    """Show dossiers with their criteria, one query for all of them."""
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([row.id for row in rows]))
    marks: dict[UUID, dict[str, str]] = {}
    for mark in await session.exec(asked):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return [DossierOut.model_validate(row).model_copy(update={"criteria": marks.get(row.id, {})}) for row in rows]
