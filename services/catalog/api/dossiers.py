"""Dossiers: described, searched, given criteria and documents."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

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
from services.catalog.api.shapes import Here, InLanguage
from services.catalog.api.shown import shown
from services.catalog.api.versions import Expected, tag
from services.catalog.models import Document, Dossier, DossierPast
from services.catalog.operations import describing, itemising, marking, restoring
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.texts import Language
from shared.wire import Listing

router: APIRouter = guarded_router()


def telling(response: Response, language: InLanguage) -> tuple[Response, Language]:
    """Give the answer that a dossier is told in, and its language."""
    return response, language


Told = Annotated[tuple[Response, Language], Depends(telling)]


@router.post("/dossiers", status_code=201)
async def create_dossier(body: DossierIn, uow: Uow, here: Here, language: InLanguage, response: Response) -> DossierOut:
    """Add a dossier."""
    made = await describing.create_dossier(uow, body.fonds_id, body.description(), secrets_allowed=here.secrets_allowed)
    tag(response, made.version)
    return (await shown(uow.session, [made], language))[0]


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading, language: InLanguage, response: Response) -> WholeDossierOut:
    """Show one dossier with its documents; its ETag is what a change has to name in If-Match."""
    return await whole(session, dossier_id, response, language)


@router.put("/dossiers/{dossier_id}")
async def change_dossier(
    dossier_id: UUID, body: DescriptionIn, uow: Uow, here: Here, expected: Expected, to: Told
) -> WholeDossierOut:
    """Change the description of a dossier that is on no submitted or approved list.

    One that was found secret, or has a document that was, is told only as `expired`, by a decision, or as `removed`.
    """
    await describing.change_dossier(uow, dossier_id, body.description(), expected, secrets_allowed=here.secrets_allowed)
    return await whole(uow.session, dossier_id, *to)


@router.put("/dossiers/{dossier_id}/criteria")
async def set_criteria(
    dossier_id: UUID, body: CriteriaIn, uow: Uow, here: Here, expected: Expected, to: Told
) -> WholeDossierOut:
    """Say which criteria a dossier meets, with the evidence for each."""
    marks = {mark.criterion: mark.evidence for mark in body.criteria}
    await marking.set_criteria(uow, dossier_id, marks, here.programme, expected, secrets_allowed=here.secrets_allowed)
    return await whole(uow.session, dossier_id, *to)


@router.put("/dossiers/{dossier_id}/documents")
async def set_documents(
    dossier_id: UUID, body: DocumentsIn, uow: Uow, here: Here, expected: Expected, to: Told
) -> WholeDossierOut:
    """Say which documents a dossier has, and on which pages."""
    lines = [each.line() for each in body.documents]
    await itemising.set_documents(uow, dossier_id, lines, expected, secrets_allowed=here.secrets_allowed)
    return await whole(uow.session, dossier_id, *to)


@router.post("/dossiers/{dossier_id}/restoration")
async def restore_dossier(
    dossier_id: UUID, body: RestorationIn, uow: Uow, here: Here, expected: Expected, to: Told
) -> WholeDossierOut:
    """Say of a dossier what it said in an older version.

    Once it, or a document of it, was found secret, what it says of its secrecy stays as it is now, and so do the
    documents that were taken out; they are not counted any more.
    """
    await restoring.restore_dossier(uow, here, dossier_id, body.version, expected)
    return await whole(uow.session, dossier_id, *to)


@router.get("/dossiers/{dossier_id}/history")
async def list_history(dossier_id: UUID, session: Reading, portion: Asked) -> Listing[PastOut]:
    """List what was changed of a dossier, newest first: who, when, and how it was before."""
    if await session.get(Dossier, dossier_id) is None:
        raise NotFound("no dossier has this id")
    asked = select(DossierPast).where(DossierPast.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, DossierPast.version, is_newest_first=True)
    return Listing(items=[PastOut.model_validate(row) for row in rows], next=more)


async def whole(session: AsyncSession, dossier_id: UUID, response: Response, language: Language) -> WholeDossierOut:
    """Show one dossier with everything. Raises NotFound."""
    await session.flush()
    row = await session.get(Dossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    tag(response, row.version)
    asked = select(Document).where(Document.dossier_id == dossier_id).order_by(col(Document.number))
    documents = [DocumentOut.model_validate(each) for each in await session.exec(asked)]
    return WholeDossierOut(**(await shown(session, [row], language))[0].model_dump(), documents=documents)
