"""Fonds: described, corrected, and brought back to how they were; and the criteria of the programme."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import select

from services.catalog.api.dossier_shapes import RestorationIn
from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.holding_shapes import CountedFondsOut, FondsIn, FondsOut
from services.catalog.api.shapes import Here
from services.catalog.api.versions import Expected, tag
from services.catalog.models import Fonds
from services.catalog.models.holdings import HoldingPast
from services.catalog.operations import correcting, describing
from services.catalog.operations.exporting_holding import counts_of
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class CriterionOut(Out):
    """A criterion of the programme, in both languages."""

    code: str
    vi: str
    en: str


@router.post("/fonds", status_code=201)
async def create_fonds(body: FondsIn, uow: Uow, response: Response) -> FondsOut:
    """Add a fonds, work or collection."""
    return told(await describing.create_fonds(uow, body.told()), response)


@router.get("/fonds")
async def list_fonds(session: Reading, portion: Asked) -> Listing[FondsOut]:
    """List fonds."""
    rows, more = await portion.of(session, select(Fonds), Fonds.id)
    return Listing(items=[FondsOut.model_validate(row) for row in rows], next=more)


@router.get("/fonds/{fonds_id}")
async def read_fonds(fonds_id: UUID, session: Reading, response: Response) -> CountedFondsOut:
    """Show one fonds, with what its dossiers hold; its ETag is what a change has to name in If-Match."""
    row = await session.get(Fonds, fonds_id)
    if row is None:
        raise NotFound("no fonds has this id")
    counts = await counts_of(session, fonds_id)
    return CountedFondsOut(**told(row, response).model_dump(), **counts)


@router.put("/fonds/{fonds_id}")
async def change_fonds(fonds_id: UUID, body: FondsIn, uow: Uow, expected: Expected, response: Response) -> FondsOut:
    """Correct what is said of a fonds; what approved lists say of it changes with their next editions."""
    return told(await correcting.change_fonds(uow, fonds_id, body.told(), expected), response)


@router.post("/fonds/{fonds_id}/restoration")
async def restore_fonds(
    fonds_id: UUID, body: RestorationIn, uow: Uow, expected: Expected, response: Response
) -> FondsOut:
    """Say of a fonds what it said in an older version."""
    return told(await correcting.restore_fonds(uow, fonds_id, body.version, expected), response)


@router.get("/fonds/{fonds_id}/history")
async def list_fonds_past(fonds_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of a fonds, newest first: who, when, how it was before and after."""
    if await session.get(Fonds, fonds_id) is None:
        raise NotFound("no fonds has this id")
    return await history_of(session, portion, fonds_id, HoldingPast)


@router.get("/criteria")
async def list_criteria(here: Here) -> Listing[CriterionOut]:
    """List the criteria that dossiers are chosen by."""
    criteria = here.programme.criteria.items()
    return Listing(items=[CriterionOut(code=code, vi=words.vi, en=words.en) for code, words in criteria])


def told(row: Fonds, response: Response) -> FondsOut:
    """Show a fonds in the version that it has."""
    tag(response, row.version)
    return FondsOut.model_validate(row)
