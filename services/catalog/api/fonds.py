"""Fonds, their series, and the criteria of the programme."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from services.catalog.api.shapes import Here, Words
from services.catalog.models import Fonds, Series
from services.catalog.operations import describing
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import In, Listing, Out, Truth

router: APIRouter = guarded_router()


class FondsIn(In):
    """A fonds, work or collection."""

    code: Words
    title: Words
    kind: Literal["fonds", "collection", "work"] = "fonds"
    archive_code: Words


class FondsOut(Out):
    """A fonds, work or collection."""

    id: UUID
    code: str
    title: str
    kind: Literal["fonds", "collection", "work"]
    archive_code: str


class SeriesIn(In):
    """A group of dossiers in a fonds."""

    code: Words
    title: Words


class SeriesOut(Out):
    """A group of dossiers in a fonds."""

    id: UUID
    fonds_id: UUID
    code: str
    title: str
    archived_at: datetime | None


class CriterionOut(Out):
    """A criterion of the programme, in both languages."""

    code: str
    vi: str
    en: str


@router.post("/fonds", status_code=201)
async def create_fonds(body: FondsIn, uow: Uow) -> FondsOut:
    """Add a fonds, work or collection."""
    made = await describing.create_fonds(uow, body.code, body.title, body.kind, body.archive_code)
    return FondsOut.model_validate(made)


@router.get("/fonds")
async def list_fonds(session: Reading, portion: Asked) -> Listing[FondsOut]:
    """List fonds."""
    rows, more = await portion.of(session, select(Fonds), Fonds.id)
    return Listing(items=[FondsOut.model_validate(row) for row in rows], next=more)


@router.get("/fonds/{fonds_id}")
async def read_fonds(fonds_id: UUID, session: Reading) -> FondsOut:
    """Show one fonds."""
    row = await session.get(Fonds, fonds_id)
    if row is None:
        raise NotFound("no fonds has this id")
    return FondsOut.model_validate(row)


@router.post("/fonds/{fonds_id}/series", status_code=201)
async def create_series(fonds_id: UUID, body: SeriesIn, uow: Uow) -> SeriesOut:
    """Add a series to a fonds."""
    return SeriesOut.model_validate(await describing.create_series(uow, fonds_id, body.code, body.title))


@router.get("/fonds/{fonds_id}/series")
async def list_series(
    fonds_id: UUID, session: Reading, portion: Asked, with_archived: Truth = False
) -> Listing[SeriesOut]:
    """List the series of a fonds; archived ones only where they are asked for."""
    asked = select(Series).where(Series.fonds_id == fonds_id)
    if not with_archived:
        asked = asked.where(col(Series.archived_at).is_(None))
    rows, more = await portion.of(session, asked, Series.id)
    return Listing(items=[SeriesOut.model_validate(row) for row in rows], next=more)


@router.get("/criteria")
async def list_criteria(here: Here) -> Listing[CriterionOut]:
    """List the criteria that dossiers are chosen by."""
    criteria = here.programme.criteria.items()
    return Listing(items=[CriterionOut(code=code, vi=words.vi, en=words.en) for code, words in criteria])
