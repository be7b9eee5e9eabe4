"""The plan: what was scanned in which period, and a year against its target."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.context import Context
from services.reporting.errors import PeriodBackwards
from services.reporting.models import LedgerDossier, LedgerPage, Target
from shared.auth.guard import guarded_router
from shared.clock import VIETNAM
from shared.edge import Reading, Uow
from shared.service import context_of
from shared.wire import Count, Day, In, Line, Listing, Numeral, Out, Term

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
Year = Annotated[Numeral, Query(ge=2000, le=2100)]
PathYear = Annotated[Numeral, Path(ge=2000, le=2100)]


class By(StrEnum):
    """The length of a period."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class PeriodOut(Out):
    """Pages scanned in a period (2026-11-24, 2026-11 or 2026), and what they count for in A4."""

    period: str
    pages: int
    a4_pages: int


class ProgressOut(Out):
    """A year against its target; `accepted_a4_pages` are those of dossiers that an inspector accepted."""

    year: int
    target: int
    scanned_pages: int
    scanned_a4_pages: int
    accepted_a4_pages: int
    preserved_pages: int
    months: list[PeriodOut]


class TargetIn(In):
    """A year's target and why it is that."""

    a4_pages: Count
    reason: Line


class TargetOut(Out):
    """A year's target."""

    year: int
    a4_pages: int


@router.get("/progress")
async def read_progress(session: Reading, here: Here, year: Year) -> ProgressOut:
    """Show a year against its target, by month."""
    target = await session.get(Target, year)
    months = await periods(session, By.MONTH, date(year, 1, 1), date(year, 12, 31), None)
    accepted = await session.exec(
        select(func.coalesce(func.sum(col(LedgerPage.a4_equivalents)), 0))
        .join(LedgerDossier, col(LedgerDossier.dossier_id) == col(LedgerPage.dossier_id))
        .where(
            col(LedgerDossier.accepted_count).is_not(None),
            col(LedgerPage.is_rejected).is_(False),
            col(LedgerPage.scanned_on).between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    preserved = await session.exec(
        select(func.coalesce(func.sum(LedgerDossier.preserved_count), 0)).where(
            col(LedgerDossier.preserved_at) >= datetime(year, 1, 1, tzinfo=VIETNAM),
            col(LedgerDossier.preserved_at) < datetime(year + 1, 1, 1, tzinfo=VIETNAM),
        )
    )
    return ProgressOut(
        year=year,
        target=target.a4_pages if target else here.plan.target(year),
        scanned_pages=sum(month.pages for month in months),
        scanned_a4_pages=sum(month.a4_pages for month in months),
        accepted_a4_pages=int(accepted.one() or 0),
        preserved_pages=int(preserved.one() or 0),
        months=months,
    )


@router.get("/periods")
async def list_periods(
    session: Reading,
    by: By = By.DAY,
    begin: Annotated[Day, Query(alias="from")] = date(2026, 1, 1),
    end: Annotated[Day, Query(alias="to")] = date(2033, 12, 31),
    fonds_code: Term | None = None,
) -> Listing[PeriodOut]:
    """List what was scanned by day, month or year, of one fonds or of all."""
    if end < begin:
        raise PeriodBackwards
    return Listing(items=await periods(session, by, begin, end, fonds_code))


@router.put("/targets/{year}")
async def set_target(year: PathYear, body: TargetIn, uow: Uow) -> TargetOut:
    """Change a year's target."""
    await uow.session.merge(Target(year=year, a4_pages=body.a4_pages, reason=body.reason, set_by=uow.caller.name))
    uow.record("target.set", None, year=year, a4_pages=body.a4_pages, reason=body.reason)
    return TargetOut(year=year, a4_pages=body.a4_pages)


async def periods(session: AsyncSession, by: By, begin: date, end: date, fonds_code: str | None) -> list[PeriodOut]:
    """Count pages by the day they were first scanned on, and add days up to longer periods."""
    asked = (
        select(
            col(LedgerPage.scanned_on),
            func.count(),
            func.sum(case((col(LedgerPage.is_rejected), 0), else_=col(LedgerPage.a4_equivalents))),
        )
        .where(col(LedgerPage.scanned_on).between(begin, end))
        .group_by(col(LedgerPage.scanned_on))
        .order_by(col(LedgerPage.scanned_on))
    )
    if fonds_code:
        asked = asked.join(LedgerDossier, col(LedgerDossier.dossier_id) == col(LedgerPage.dossier_id)).where(
            col(LedgerDossier.fonds_code) == fonds_code
        )
    length = {By.DAY: 10, By.MONTH: 7, By.YEAR: 4}[by]
    found: dict[str, tuple[int, int]] = {}
    for day, pages, a4_pages in await session.exec(asked):
        name = str(day)[:length]
        before = found.get(name, (0, 0))
        found[name] = before[0] + int(pages), before[1] + int(a4_pages or 0)
    return [PeriodOut(period=name, pages=pages, a4_pages=a4) for name, (pages, a4) in found.items()]
