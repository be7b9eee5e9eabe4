"""An inspector's desk: pages of a dossier or a lot taken to be judged, the lock on it, and how far it is."""

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
from services.qc.models import InspectedDossier, InspectedPage
from services.qc.operations.accepting_many import AT_ONCE, accept_many
from services.qc.operations.holding import release_holds, renew_holds, take_pages
from services.qc.operations.locking import lock_scope, unlock_scope
from services.qc.operations.pacing import progress_of
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.wire import Flag, In, Out

router: APIRouter = guarded_router()


class TakingIn(In):
    """How many pages are wanted: from the first on, or those after a page; those that need no look only if asked."""

    count: Annotated[int, Field(strict=True, ge=1, le=100)] = 10
    after: UUID | None = None
    unflagged_too: Flag = False


class TakenOut(Out):
    """A page to judge, with the dossier it is in; `scanned_count` is how many pages that has, once it is closed."""

    page: PageOut
    fonds_code: str
    file_code: str
    title: str
    scanned_count: int | None


class TakingOut(Out):
    """The next pages to judge, in order; they are the caller's until then, unless that is renewed."""

    held_until: datetime
    pages: list[TakenOut]


class HoldsOut(Out):
    """How many pages the caller holds, and until when."""

    held_count: int
    held_until: datetime


class LockOut(Out):
    """Who works through a scope alone, and until when."""

    scope_id: UUID
    inspector: str
    until: datetime


class ProgressOut(Out):
    """How far a scope is, and how fast: pauses of more than five minutes do not count.

    `seconds_left` is for the pages that must be seen, at the pace of everybody who works here.
    """

    page_count: int
    unchecked_count: int
    judged_count: int
    left_count: int
    must_see_left: int
    open_rescans: int
    pages_a_minute: float | None
    scope_pages_a_minute: float | None
    seconds_left: int | None
    locked_by: str | None


class ManyIn(In):
    """The key of this act: sent again, it is not done again."""

    key: UUID


class ManyOut(Out):
    """The verdicts that were given, each of which can be undone; `is_all` says that no more pages are left for now."""

    accepted_count: int
    verdict_ids: list[UUID]
    is_all: bool


@router.post("/scopes/{scope_id}/holds")
async def take_next_pages(scope_id: UUID, body: TakingIn, uow: Uow, reader: Reader) -> TakingOut:
    """Give the next pages of a dossier or a lot to judge, and hold them for the caller; nobody else gets them."""
    pages, until = await take_pages(uow, scope_id, body.count, after=body.after, unflagged_too=body.unflagged_too)
    dossiers = await dossiers_of(uow.session, pages)
    return TakingOut(
        held_until=until,
        pages=[
            TakenOut(
                page=shown(page, reader),
                **dossiers[page.dossier_id].model_dump(include={"fonds_code", "file_code", "title", "scanned_count"}),
            )
            for page in pages
        ],
    )


async def dossiers_of(session: AsyncSession, pages: Sequence[InspectedPage]) -> dict[UUID, InspectedDossier]:
    """Give the dossiers of pages, by id."""
    wanted = {page.dossier_id for page in pages}
    rows = await session.exec(select(InspectedDossier).where(col(InspectedDossier.dossier_id).in_(wanted)))
    return {row.dossier_id: row for row in rows}


@router.put("/holds")
async def hold_on(uow: Uow) -> HoldsOut:
    """Hold on to every page that the caller has taken and not judged yet."""
    count, until = await renew_holds(uow)
    return HoldsOut(held_count=count, held_until=until)


@router.delete("/holds", status_code=204)
async def let_go(uow: Uow) -> None:
    """Give every page back that the caller has taken and not judged yet."""
    await release_holds(uow)


@router.put("/scopes/{scope_id}/lock")
async def lock(scope_id: UUID, uow: Uow) -> LockOut:
    """Work through a dossier or a lot alone, or go on doing so: nobody else gets pages of it."""
    return LockOut.model_validate(await lock_scope(uow, scope_id))


@router.delete("/scopes/{scope_id}/lock", status_code=204)
async def unlock(scope_id: UUID, uow: Uow) -> None:
    """Let others work there again."""
    await unlock_scope(uow, scope_id)


@router.get("/scopes/{scope_id}/progress")
async def read_scope_progress(scope_id: UUID, session: Reading, caller: Calling) -> ProgressOut:
    """Tell how far a dossier or a lot is, how fast its pages are judged, and how long it will take."""
    return ProgressOut.model_validate(await progress_of(session, scope_id, caller.account_id))


@router.post("/scopes/{scope_id}/acceptances")
async def accept_many_pages(scope_id: UUID, body: ManyIn, uow: Uow) -> ManyOut:
    """Accept, at most 500 at once, the pages that the machine passed, nobody drew, and the caller has seen."""
    given = await accept_many(uow, scope_id, body.key)
    return ManyOut(accepted_count=len(given), verdict_ids=[row.id for row in given], is_all=len(given) < AT_ONCE)
