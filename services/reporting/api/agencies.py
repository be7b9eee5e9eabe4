"""What agencies are told of in the yearly report: difficulties with their answers, and figures of transfers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import col, select

from services.reporting.domain.transfers import WITHDRAWN, Figures, Transfer, figures
from services.reporting.errors import DayOutsideYear
from services.reporting.models import ReportedDifficulty, ReportedTransfer
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.paging import Asked
from shared.wire import Day, Listing, Numeral, Out

router: APIRouter = guarded_router()
Year = Annotated[Numeral, Query(ge=2000, le=2100)]
AskedYear = Annotated[Numeral | None, Query(ge=2000, le=2100)]


class DifficultyOut(Out):
    """A difficulty of a year's report with its answer; without an agency it is the centre's own."""

    difficulty_id: UUID
    year: int
    agency_id: UUID | None
    agency_name: str
    agency_code: str
    kind: str
    kind_vi: str
    kind_en: str
    text: str
    wish: str
    state: str
    raised_by: str
    raised_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    closed_at: datetime | None


class FiguresOut(Out):
    """A year's figures: planned for it, received and arranged in it, outstanding on the day; lengths in metres."""

    planned_transfers: int
    planned_dossiers: int
    planned_metres: float
    received_transfers: int
    received_dossiers: int
    received_metres: float
    arranged_metres: float
    outstanding_transfers: int
    outstanding_dossiers: int
    outstanding_metres: float
    backlog_metres: float


class AgencyFiguresOut(FiguresOut):
    """The figures of one agency."""

    agency_id: UUID
    agency_name: str
    agency_code: str


class TransferFiguresOut(Out):
    """The figures of a year as they stood on a day: of all, and by agency."""

    year: int
    on: date
    total: FiguresOut
    agencies: list[AgencyFiguresOut]


@router.get("/difficulties")
async def list_difficulties(session: Reading, portion: Asked, year: AskedYear = None) -> Listing[DifficultyOut]:
    """List the difficulties of a year's report (of every year when none is told), with their answers."""
    asked = select(ReportedDifficulty)
    if year is not None:
        asked = asked.where(ReportedDifficulty.year == year)
    rows, more = await portion.of(session, asked, ReportedDifficulty.difficulty_id)
    return Listing(items=[DifficultyOut.model_validate(row) for row in rows], next=more)


@router.get("/transfer-figures")
async def read_transfer_figures(session: Reading, year: Year, on: Day | None = None) -> TransferFiguresOut:
    """Show a year's transfers and arrangement as they stood on a day of it (its last when none is told)."""
    day = on or date(year, 12, 31)
    if day.year != year:
        raise DayOutsideYear(str(day))
    of: dict[UUID, list[ReportedTransfer]] = {}
    for row in await session.exec(select(ReportedTransfer).order_by(col(ReportedTransfer.transfer_id))):
        of.setdefault(row.agency_id, []).append(row)
    told = {agency_id: [transfer_of(row) for row in rows] for agency_id, rows in of.items()}
    agencies = [
        AgencyFiguresOut(
            agency_id=agency_id,
            agency_name=rows[-1].agency_name,
            agency_code=rows[-1].agency_code,
            **shown(figures(told[agency_id], year, day)),
        )
        for agency_id, rows in of.items()
    ]
    every = [each for transfers in told.values() for each in transfers]
    return TransferFiguresOut(
        year=year,
        on=day,
        total=FiguresOut(**shown(figures(every, year, day))),
        agencies=sorted(agencies, key=lambda each: (each.agency_code, each.agency_name, each.agency_id)),
    )


def transfer_of(row: ReportedTransfer) -> Transfer:
    """Give a transfer as the figures are counted from it."""
    return Transfer(
        is_withdrawn=row.state == WITHDRAWN,
        planned_year=row.planned_year,
        registered_on=row.registered_on,
        dossiers=row.dossier_count,
        shelf_cm=row.shelf_cm,
        arranged=[
            (date.fromisoformat(str(each["reported_on"])), int(str(each["arranged_cm"]))) for each in row.arrangements
        ],
        received_on=row.received_on,
        received_dossiers=row.received_dossier_count,
        received_cm=row.received_shelf_cm,
    )


def shown(made: Figures) -> dict[str, int | float]:
    """Show figures, lengths in metres."""
    told: dict[str, int | float] = {}
    for name in Figures.__slots__:
        value = int(getattr(made, name))
        told[name.replace("_cm", "_metres")] = value / 100 if name.endswith("_cm") else value
    return told
