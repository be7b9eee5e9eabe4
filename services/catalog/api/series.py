"""Series of fonds: added, given another title, and brought back to how they were."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select

from services.catalog.api.dossier_shapes import RestorationIn
from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.holding_shapes import SeriesIn, SeriesOut, SeriesTitleIn
from services.catalog.api.versions import Expected, tag
from services.catalog.models import Series
from services.catalog.models.holdings import HoldingPast
from services.catalog.operations import correcting, describing
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Truth

router: APIRouter = guarded_router()


@router.post("/fonds/{fonds_id}/series", status_code=201)
async def create_series(fonds_id: UUID, body: SeriesIn, uow: Uow, response: Response) -> SeriesOut:
    """Add a series to a fonds."""
    return told(await describing.create_series(uow, fonds_id, body.code, body.title), response)


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


@router.get("/series/{series_id}")
async def read_series(series_id: UUID, session: Reading, response: Response) -> SeriesOut:
    """Show one series; its ETag is what a change has to name in If-Match."""
    row = await session.get(Series, series_id)
    if row is None:
        raise NotFound("no series has this id")
    return told(row, response)


@router.put("/series/{series_id}")
async def change_series(
    series_id: UUID, body: SeriesTitleIn, uow: Uow, expected: Expected, response: Response
) -> SeriesOut:
    """Give a series another title; what approved lists call it changes with their next editions."""
    return told(await correcting.change_series(uow, series_id, body.model_dump(), expected), response)


@router.post("/series/{series_id}/restoration")
async def restore_series(
    series_id: UUID, body: RestorationIn, uow: Uow, expected: Expected, response: Response
) -> SeriesOut:
    """Say of a series what it said in an older version."""
    return told(await correcting.restore_series(uow, series_id, body.version, expected), response)


@router.get("/series/{series_id}/history")
async def list_series_past(series_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of a series, newest first: who, when, how it was before and after."""
    if await session.get(Series, series_id) is None:
        raise NotFound("no series has this id")
    return await history_of(session, portion, series_id, HoldingPast)


def told(row: Series, response: Response) -> SeriesOut:
    """Show a series in the version that it has."""
    tag(response, row.version)
    return SeriesOut.model_validate(row)
