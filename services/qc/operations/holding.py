"""Hand pages out to inspectors: the next ones of a scope that nobody else has on the desk, held for a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, or_, text, true, tuple_, update
from sqlmodel import col, select

from services.qc.domain.holds import HOLD
from services.qc.models import WAITING, InspectedDossier, InspectedPage, ScopeLock
from services.qc.operations.locking import account_of, demand_not_locked
from services.qc.operations.scopes import CONCLUDED, Scope, open_scope
from services.qc.operations.seeing import note_seen
from shared.clock import now
from shared.errors import NotFound
from shared.uow import UnitOfWork

ORDER = (col(InspectedPage.dossier_id), col(InspectedPage.number))


async def take_pages(
    uow: UnitOfWork, scope_id: UUID, count: int, *, after: UUID | None, unflagged_too: bool
) -> tuple[Sequence[InspectedPage], datetime]:
    """Give the next pages of a scope to judge, and until when they are the caller's; everything held is held on.

    Pages that the caller has already come again, unless they lie before `after`. Rows that another transaction has in
    hand are passed over, and the hold is on the very row: so no two inspectors ever get the same page.
    Raises NotFound, DossierConcluded, ScopeLocked.
    """
    account, moment = account_of(uow.caller), now()
    scope = await open_scope(uow.session, scope_id)
    await demand_not_locked(uow, scope, moment)
    free = is_free_for(account, moment)
    asked = select(InspectedPage).where(scope.pages, to_judge(unflagged_too=unflagged_too), free)
    if scope.is_lot:
        asked = asked.where(col(InspectedPage.dossier_id).not_in(closed_to(scope, account, moment)))
    if after is not None:
        last = await uow.session.get(InspectedPage, after)
        if last is None:
            raise NotFound("no page has the id in `after`")
        asked = asked.where(tuple_(*ORDER) > tuple_(last.dossier_id, last.number))
    asked = asked.order_by(*ORDER).limit(count).with_for_update(skip_locked=True)
    pages = (await uow.session.exec(asked.execution_options(populate_existing=True))).all()
    until = moment + HOLD
    for page in pages:
        page.held_by, page.held_until = account, until
    await uow.session.flush()
    await change_holds(uow, col(InspectedPage.held_until) < until, held_until=until)
    await note_seen(uow.session, account, [(page.page_id, page.version) for page in pages])
    return pages, until


def is_free_for(account: UUID, moment: datetime) -> ColumnElement[bool]:
    """Give the condition that nobody else has a page on the desk."""
    return or_(
        col(InspectedPage.held_by).is_(None),
        col(InspectedPage.held_by) == account,
        col(InspectedPage.held_until) <= moment,
    )


def to_judge(*, unflagged_too: bool) -> ColumnElement[bool]:
    """Give the condition that a page is to be judged: what waits for a person, or all that has no verdict yet."""
    if unflagged_too:
        return col(InspectedPage.verdict).is_(None) & col(InspectedPage.judgement).is_not(None)
    waiting: ColumnElement[bool] = text(WAITING)  # type: ignore[assignment] # literal, so that its index is used
    return waiting


def closed_to(scope: Scope, account: UUID, moment: datetime) -> CompoundSelect[UUID]:
    """Give the dossiers of a lot that are concluded, or that somebody else works through."""
    concluded = select(InspectedDossier.dossier_id).where(scope.dossiers, col(InspectedDossier.state).in_(CONCLUDED))
    locked = select(ScopeLock.scope_id).where(ScopeLock.account_id != account, ScopeLock.until > moment)
    return concluded.union_all(locked)


async def renew_holds(uow: UnitOfWork) -> tuple[int, datetime]:
    """Hold on to every page that is still the caller's; gives how many, and until when."""
    until = now() + HOLD
    return await change_holds(uow, col(InspectedPage.held_until) < until, held_until=until), until


async def release_holds(uow: UnitOfWork) -> None:
    """Give every page back that the caller holds."""
    await change_holds(uow, true(), held_by=None, held_until=None)


async def change_holds(uow: UnitOfWork, further: ColumnElement[bool], **change: object) -> int:
    """Change every hold of the caller, but of what another request is judging at the moment; gives how many."""
    mine = select(InspectedPage.page_id).where(InspectedPage.held_by == account_of(uow.caller), further)
    held = (await uow.session.exec(mine.with_for_update(skip_locked=True))).all()
    if held:
        changed = update(InspectedPage).where(col(InspectedPage.page_id).in_(held)).values(**change)
        await uow.session.exec(changed.execution_options(synchronize_session=False))
    return len(held)
