"""Sweep the incoming store once a day: abandoned uploads, masters of preserved dossiers, strays."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from services.ingest.context import Context
from services.ingest.operations.releasing import release_masters
from services.ingest.operations.straying import sweep_strays
from services.ingest.operations.uploading import abandon_uploads
from shared.clock import now
from shared.jobs import Progress, untried
from shared.plumbing import JobColumns

SWEEP = "sweep_incoming"
STORE = UUID(int=0)  # the job's subject: there is one incoming store
EVERY = timedelta(days=1)


async def order_sweep(context: Context) -> None:
    """Order a sweep unless one was ordered within a day; its job row is the same for ever, so one worker does it."""
    with suppress(IntegrityError):  # another process ordered the very first one
        async with context.database.writing() as uow:
            job = uow.plumbing.job
            asked = select(job).where(job.kind == SWEEP, job.subject_id == STORE).with_for_update()
            row = (await uow.session.exec(asked)).first()
            if row is None:
                await uow.enqueue(SWEEP, STORE)
            elif row.ended_at is not None and row.ended_at <= now() - EVERY:
                row.sqlmodel_update(untried())
                uow.has_enqueued = True


async def sweep_incoming(context: Context, _job: JobColumns, _progress: Progress) -> dict[str, object]:
    """Do the job `sweep_incoming`; doing it again, or twice at once, comes to the same."""
    return await sweep(context, now())


async def sweep(context: Context, moment: datetime) -> dict[str, object]:
    """Sweep everything that is due at a moment, and say how much that was."""
    abandoned = await abandon_uploads(context, moment - context.keep_uploads)
    released, withheld = await release_masters(context, moment)
    strays = await sweep_strays(context, moment)
    return {"uploads": abandoned, "dossiers": released, "withheld": withheld, "strays": strays}
