"""Progress of transfers: by agency and year, counted from their rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import extract, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.transfer import TransferState
from services.catalog.models.transfers import Arrangement, Transfer, TransferMinutes


@dataclass(slots=True)
class YearCount:
    """A year of an agency: what is planned for it, what of that is arranged, and what came in by minutes of it."""

    year: int
    planned_transfers: int = 0
    planned_dossiers: int = 0
    planned_cm: int = 0
    arranged_cm: int = 0
    received_transfers: int = 0
    received_dossiers: int = 0
    received_cm: int = 0


@dataclass(slots=True)
class AgencyCount:
    """The years of an agency, in order."""

    years: dict[int, YearCount] = field(default_factory=dict)

    def of(self, year: int) -> YearCount:
        """Give a year, begun at the first word of it."""
        return self.years.setdefault(year, YearCount(year))


async def counted(session: AsyncSession, agency_ids: Sequence[UUID]) -> dict[UUID, AgencyCount]:
    """Count the transfers of agencies, two queries for all of them; what was withdrawn counts nowhere."""
    found: dict[UUID, AgencyCount] = defaultdict(AgencyCount)
    latest = (
        select(col(Arrangement.transfer_id), func.max(col(Arrangement.reported_on)).label("day"))
        .group_by(col(Arrangement.transfer_id))
        .subquery()
    )
    planned = (
        select(
            col(Transfer.agency_id),
            col(Transfer.planned_year),
            func.count(),
            func.sum(col(Transfer.dossier_count)),
            func.sum(col(Transfer.shelf_cm)),
            func.coalesce(func.sum(col(Arrangement.arranged_cm)), 0),
        )
        .outerjoin(latest, latest.c.transfer_id == col(Transfer.id))
        .outerjoin(
            Arrangement,
            (col(Arrangement.transfer_id) == col(Transfer.id)) & (col(Arrangement.reported_on) == latest.c.day),
        )
        .where(col(Transfer.agency_id).in_(agency_ids), col(Transfer.state) != TransferState.WITHDRAWN)
        .group_by(col(Transfer.agency_id), col(Transfer.planned_year))
    )
    for agency_id, year, transfers, dossiers, shelf, arranged in await (await session.connection()).execute(planned):
        told = found[agency_id].of(year)
        told.planned_transfers, told.planned_dossiers = transfers, int(dossiers)
        told.planned_cm, told.arranged_cm = int(shelf), int(arranged)
    year_of = extract("year", col(TransferMinutes.signed_on))
    received = (
        select(
            col(Transfer.agency_id),
            year_of,
            func.count(),
            func.sum(col(TransferMinutes.dossier_count)),
            func.sum(col(TransferMinutes.shelf_cm)),
        )
        .join(TransferMinutes, col(TransferMinutes.transfer_id) == col(Transfer.id))
        .where(col(Transfer.agency_id).in_(agency_ids))
        .group_by(col(Transfer.agency_id), year_of)
    )
    for agency_id, year, transfers, dossiers, shelf in await (await session.connection()).execute(received):
        told = found[agency_id].of(int(year))
        told.received_transfers, told.received_dossiers, told.received_cm = transfers, int(dossiers), int(shelf)
    return found
