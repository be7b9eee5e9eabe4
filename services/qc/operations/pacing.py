"""How far a dossier or a lot is, and how fast its pages are judged."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.pace import pages_a_minute, seconds_left
from services.qc.models import WAITING, GivenVerdict, InspectedPage, RescanOrder, ScopeLock
from services.qc.operations.scopes import Scope, scope_of
from shared.clock import now

STRETCH = 300  # the last verdicts that a pace is made of
AT_MOST = timedelta(hours=12)  # and none of another day


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of pages, pages a minute of one inspector and of all, seconds that the must-see pages will still take."""

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


async def progress_of(session: AsyncSession, scope_id: UUID, account: UUID | None) -> Progress:
    """Give how far a scope is. Raises NotFound."""
    scope = await scope_of(session, scope_id)
    total, unchecked, judged, waiting = await counts(session, scope)
    mine, of_all = await paces(session, scope, account)
    lock = await session.get(ScopeLock, scope_id)
    return Progress(
        page_count=total,
        unchecked_count=unchecked,
        judged_count=judged,
        left_count=total - judged,
        must_see_left=waiting,
        open_rescans=await open_rescans(session, scope),
        pages_a_minute=mine,
        scope_pages_a_minute=of_all,
        seconds_left=seconds_left(waiting, of_all),
        locked_by=lock.inspector if lock is not None and lock.until > now() else None,
    )


async def counts(session: AsyncSession, scope: Scope) -> tuple[int, int, int, int]:
    """Count the pages of a scope: all, unchecked, judged, and those that wait for a person."""
    asked = select(
        func.count(),
        func.count(case((col(InspectedPage.judgement).is_(None), 1))),
        func.count(col(InspectedPage.verdict)),
        func.count(case((text(WAITING), 1))),
    ).where(scope.pages)
    total, unchecked, judged, waiting = (await session.exec(asked)).one()
    return total, unchecked, judged, waiting


async def open_rescans(session: AsyncSession, scope: Scope) -> int:
    """Count the rescan orders of a scope that are open."""
    of_scope = select(func.count()).select_from(RescanOrder).where(col(RescanOrder.is_open))
    if scope.is_lot:
        of_scope = of_scope.where(col(RescanOrder.page_id).in_(select(InspectedPage.page_id).where(scope.pages)))
    else:
        of_scope = of_scope.where(RescanOrder.dossier_id == scope.id)
    return (await session.exec(of_scope)).one()


async def paces(session: AsyncSession, scope: Scope, account: UUID | None) -> tuple[float | None, float | None]:
    """Give the pace of one inspector and of all, from the last verdicts of a scope that were given one by one."""
    asked = (
        select(GivenVerdict.at, GivenVerdict.account_id)
        .where(
            scope.verdicts,
            GivenVerdict.at > now() - AT_MOST,
            col(GivenVerdict.bulk).is_(None),
            col(GivenVerdict.undoes).is_(None),
        )
        .order_by(col(GivenVerdict.at).desc())
        .limit(STRETCH)
    )
    given = (await session.exec(asked)).all()
    mine = [at for at, inspector in given if account is not None and inspector == account]
    return pages_a_minute(mine), pages_a_minute([at for at, _inspector in given])
