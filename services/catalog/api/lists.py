"""Selection lists: made, submitted, approved or returned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Words
from services.catalog.domain.state import ListState
from services.catalog.models import Dossier, SelectionList
from services.catalog.operations import choosing
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import In, Listing, Out

router: APIRouter = guarded_router()


class ListIn(In):
    """A new list for dossiers of one fonds."""

    fonds_id: UUID
    name: Words
    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]


class DossiersIn(In):
    """Dossiers to put on a list."""

    dossier_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1000)]


class ReasonIn(In):
    """Why a list is returned."""

    reason: Words


class ListOut(Out):
    """A selection list; `sha256` is the digest it was frozen with."""

    id: UUID
    fonds_id: UUID
    name: str
    year: int
    state: ListState
    sha256: str | None
    created_at: datetime
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    reason: str
    dossier_count: int = 0
    page_count: int = 0


@router.post("/lists", status_code=201)
async def create_list(body: ListIn, uow: Uow) -> ListOut:
    """Begin a list."""
    return ListOut.model_validate(await choosing.create_list(uow, body.fonds_id, body.name, body.year))


@router.get("/lists")
async def list_lists(session: Reading, portion: Asked, state: ListState | None = None) -> Listing[ListOut]:
    """List selection lists."""
    asked = select(SelectionList)
    if state:
        asked = asked.where(SelectionList.state == state)
    rows, more = await portion.of(session, asked, SelectionList.id)
    return Listing(items=await shown(session, rows), next=more)


@router.get("/lists/{list_id}")
async def read_list(list_id: UUID, session: Reading) -> ListOut:
    """Show one list."""
    row = await session.get(SelectionList, list_id)
    if row is None:
        raise NotFound("no list has this id")
    return (await shown(session, [row]))[0]


@router.put("/lists/{list_id}/dossiers")
async def put_on_list(list_id: UUID, body: DossiersIn, uow: Uow) -> ListOut:
    """Put whole dossiers on a list, all of them or none."""
    return await one(uow, await choosing.put_on_list(uow, list_id, body.dossier_ids))


@router.delete("/lists/{list_id}/dossiers/{dossier_id}")
async def take_off_list(list_id: UUID, dossier_id: UUID, uow: Uow) -> ListOut:
    """Take a dossier off a list."""
    return await one(uow, await choosing.take_off_list(uow, list_id, dossier_id))


@router.post("/lists/{list_id}/submission")
async def submit_list(list_id: UUID, uow: Uow) -> ListOut:
    """Submit a list for approval; from now on it is frozen."""
    return await one(uow, await choosing.submit_list(uow, list_id))


@router.post("/lists/{list_id}/approval")
async def approve_list(list_id: UUID, uow: Uow) -> ListOut:
    """Approve a list of another person: its dossiers may be scanned."""
    return await one(uow, await choosing.approve_list(uow, list_id))


@router.post("/lists/{list_id}/return")
async def return_list(list_id: UUID, body: ReasonIn, uow: Uow) -> ListOut:
    """Return a list to its makers, with the reason."""
    return await one(uow, await choosing.return_list(uow, list_id, body.reason))


async def one(uow: Uow, row: SelectionList) -> ListOut:
    """Show a list that was just changed."""
    await uow.session.flush()
    return (await shown(uow.session, [row]))[0]


async def shown(session: AsyncSession, rows: Sequence[SelectionList]) -> list[ListOut]:
    """Show lists with their counts, one query for all of them."""
    asked = (
        select(Dossier.list_id, func.count(), func.sum(Dossier.page_count))
        .where(col(Dossier.list_id).in_([row.id for row in rows]))
        .group_by(col(Dossier.list_id))
    )
    counts = {list_id: (dossiers, int(pages or 0)) for list_id, dossiers, pages in await session.exec(asked)}
    return [
        ListOut.model_validate(row).model_copy(
            update=dict(zip(("dossier_count", "page_count"), counts.get(row.id, (0, 0)), strict=True))
        )
        for row in rows
    ]
