"""Make every projection anew from the events that were kept, in one transaction: readers see the old or the new."""

from sqlalchemy import delete
from sqlmodel import col, select

from services.reporting.context import Context
from services.reporting.models import (
    HeardEvent,
    LedgerDossier,
    LedgerPackage,
    LedgerPage,
    ReportedDifficulty,
    ReportedTransfer,
)
from services.reporting.operations.projecting import project
from shared.events.base import Event
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller

REBUILD = "rebuild"
AT_ONCE = 1000
PROJECTED = (LedgerDossier, LedgerPage, LedgerPackage, ReportedDifficulty, ReportedTransfer)


async def rebuild(context: Context, _job: JobColumns, _progress: Progress) -> dict[str, object]:
    """Do the job `rebuild`."""
    return await rebuild_from_heard(context)


async def rebuild_from_heard(context: Context) -> dict[str, object]:
    """Make the projections anew; gives how many events they were made of."""
    count, last = 0, 0
    async with context.database.writing(Caller("reporting")) as uow:
        for table in PROJECTED:
            await uow.session.exec(delete(table))
        while True:
            asked = select(HeardEvent).where(col(HeardEvent.position) > last).order_by(col(HeardEvent.position))
            rows = (await uow.session.exec(asked.limit(AT_ONCE))).all()
            if not rows:
                break
            for row in rows:
                await project(uow, Event.known[row.name].model_validate_json(row.body))
            await uow.session.flush()
            count, last = count + len(rows), rows[-1].position or 0
        uow.record("projections.rebuilt", None, events=count)
    return {"events": count}
