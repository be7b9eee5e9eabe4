"""Lots as inspectors see them: which dossiers, by which plan, how far the sample is, and what it comes to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.api.findings import Reader
from services.qc.api.pages import PageOut, shown
from services.qc.domain.lot import Leave, LotState
from services.qc.domain.sampling.plan import Plan
from services.qc.domain.sampling.result import Result
from services.qc.domain.sampling.terms import PercentageTerms, StandardTerms, Terms
from services.qc.models import InspectedPage, Lot
from services.qc.operations import deciding, gathering, starting
from services.qc.operations.judging_lots import present_result, progress_of
from services.qc.operations.membership import dossiers_of
from services.qc.operations.planning import drawn_count, is_discontinued, present_plan, standings_of
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import In, Line, Listing, Note, Out, Words

router: APIRouter = guarded_router()
Dossiers = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=1000)]


class LotIn(In):
    """Dossiers to inspect together, and how.

    Lots of one `series` follow one another, as from one contractor; without a name they are all one series.
    """

    name: Line
    series: Words = ""
    terms: Terms = StandardTerms()
    dossier_ids: Dossiers


class NoteIn(In):
    """What is said with an act on a lot."""

    note: Note = ""


class LeaveIn(In):
    """What the responsible authority allows for a lot, and why."""

    leave: Leave
    note: Note = ""


class LotOut(Out):
    """A lot. `seed` is the draw's, kept so that anybody can draw again."""

    id: UUID
    name: str
    series: str
    state: LotState
    terms: StandardTerms | PercentageTerms
    is_resubmitted: bool
    leave: str
    leave_by: str
    page_count: int
    seed: int | None
    created_at: datetime
    created_by: str
    drawn_at: datetime | None
    drawn_by: str
    decided_at: datetime | None
    decided_by: str
    note: str


class StandingOut(Out):
    """Where the series of a lot stands in a class: what its next lot is inspected by, and what it has earned."""

    name: str
    severity: str
    score: int
    may_reduce: bool
    is_discontinued: bool


class WholeLotOut(LotOut):
    """A lot with its plan, and how far it is.

    Before the draw `plan` is what would be drawn by now, and `standings` say why. `drawn_count` pages are drawn: all
    that can be, where those are fewer than the plan's size. `waiting_count` pages wait for a person or a new image: of
    the sample, or on top of it.
    """

    dossier_ids: tuple[UUID, ...]
    plan: Plan
    drawn_count: int
    standings: tuple[StandingOut, ...]
    is_discontinued: bool
    result: Result | None
    judged_count: int
    waiting_count: int


@router.get("/lots")
async def list_lots(session: Reading, portion: Asked, state: LotState | None = None) -> Listing[LotOut]:
    """List lots, the newest first."""
    asked = select(Lot)
    if state:
        asked = asked.where(Lot.state == state)
    rows, more = await portion.of(session, asked, Lot.id, is_newest_first=True)
    return Listing(items=[LotOut.model_validate(row) for row in rows], next=more)


@router.post("/lots", status_code=201)
async def create_lot(body: LotIn, uow: Uow) -> WholeLotOut:
    """Gather dossiers into a lot, and show the plan it will be inspected by."""
    lot = await gathering.create_lot(uow, body.name, body.series.strip(), body.terms, set(body.dossier_ids))
    return await whole(uow.session, lot)


@router.get("/lots/{lot_id}")
async def read_lot(lot_id: UUID, session: Reading) -> WholeLotOut:
    """Show a lot with its plan, progress and result."""
    lot = await session.get(Lot, lot_id)
    if lot is None:
        raise NotFound("no lot has this id")
    return await whole(session, lot)


@router.get("/lots/{lot_id}/pages")
async def list_lot_pages(lot_id: UUID, session: Reading, portion: Asked, reader: Reader) -> Listing[PageOut]:
    """List the pages of a lot."""
    asked = select(InspectedPage).where(col(InspectedPage.lot_id) == lot_id)
    rows, more = await portion.of(session, asked, InspectedPage.page_id)
    return Listing(items=[shown(row, reader) for row in rows], next=more)


@router.post("/lots/{lot_id}/leave")
async def give_leave(lot_id: UUID, body: LeaveIn, uow: Uow) -> WholeLotOut:
    """Allow reduced inspection that was earned, or a discontinued series to resume."""
    return await whole(uow.session, await gathering.give_leave(uow, lot_id, body.leave, body.note))


@router.post("/lots/{lot_id}/start")
async def start_lot(lot_id: UUID, uow: Uow) -> WholeLotOut:
    """Fix the plan of a lot and draw its sample, once."""
    return await whole(uow.session, await starting.start_lot(uow, lot_id))


@router.post("/lots/{lot_id}/acceptance")
async def accept_lot(lot_id: UUID, body: NoteIn, uow: Uow) -> WholeLotOut:
    """Accept a lot whose sample passed, and each of its dossiers."""
    return await whole(uow.session, await deciding.accept_lot(uow, lot_id, body.note))


@router.post("/lots/{lot_id}/rejection")
async def reject_lot(lot_id: UUID, body: NoteIn, uow: Uow) -> WholeLotOut:
    """Reject a lot: every page of it is to be inspected."""
    return await whole(uow.session, await deciding.reject_lot(uow, lot_id, body.note))


@router.post("/lots/{lot_id}/withdrawal")
async def withdraw_lot(lot_id: UUID, uow: Uow, body: NoteIn | None = None) -> WholeLotOut:
    """Give a lot up before its sample is drawn."""
    return await whole(uow.session, await gathering.withdraw_lot(uow, lot_id, body.note if body else ""))


async def whole(session: AsyncSession, lot: Lot) -> WholeLotOut:
    """Show a lot with all that belongs to it."""
    await session.flush()
    standings = await standings_of(session, lot.series)
    progress = await progress_of(session, lot.id)
    plan = await present_plan(session, lot)
    dossiers: Sequence[UUID] = await dossiers_of(session, lot.id)
    return WholeLotOut(
        **LotOut.model_validate(lot).model_dump(exclude={"terms"}),
        terms=LotOut.model_validate(lot).terms,
        dossier_ids=tuple(dossiers),
        plan=plan,
        drawn_count=await drawn_count(session, lot, plan),
        standings=tuple(
            StandingOut(
                name=name,
                severity=standing.severity,
                score=standing.score,
                may_reduce=standing.may_reduce,
                is_discontinued=standing.is_discontinued,
            )
            for name, standing in standings.items()
        ),
        is_discontinued=is_discontinued(lot, standings),
        result=await present_result(session, lot),
        judged_count=progress.judged,
        waiting_count=progress.waiting,
    )
