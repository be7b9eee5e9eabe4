"""The scrubber's rounds: every hour the share of dossiers that is due, and one dossier at once when a person asks."""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.fixity import CopyState
from services.ingest.domain.share import Waiting, share_of
from services.ingest.models import Copy
from services.ingest.operations.scrubbing import scrub_dossier
from services.ingest.scrubber import Scrubber
from shared.clock import now
from shared.jobs import Progress, untried
from shared.plumbing import JobColumns
from shared.uow import UnitOfWork

ROUND, SCRUB = "scrub_round", "scrub_dossier"
STORES = UUID(int=0)  # the subject of a round
EVERY = timedelta(minutes=50)  # ordered every hour: a moment's delay shall not skip a round
PAID = "paid_until"


async def order_round(scrubber: Scrubber) -> None:
    """Order a round unless one was ordered within the hour, by whichever process."""
    with suppress(IntegrityError):  # another process ordered the very first one
        async with scrubber.database.writing() as uow:
            await order(uow, ROUND, STORES, at_least=EVERY)


async def order(uow: UnitOfWork, kind: str, subject: UUID, *, at_least: timedelta = timedelta(0)) -> JobColumns:
    """Order a job anew if it has ended, at least so long ago; gives its one row."""
    job = uow.plumbing.job
    asked = select(job).where(job.kind == kind, job.subject_id == subject).with_for_update()
    row = (await uow.session.exec(asked)).first()
    if row is None:
        await uow.enqueue(kind, subject)
        await uow.session.flush()
        return (await uow.session.exec(asked)).one()
    if row.ended_at is not None and row.ended_at <= now() - at_least:
        row.sqlmodel_update({**untried(), "error": None, "progress_done": 0, "progress_total": 0})
        uow.has_enqueued = True
    return row


async def scrub_round(scrubber: Scrubber, job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `scrub_round`; whoever goes on with it passes over what was checked meanwhile."""
    paid_until = (job.result or {}).get(PAID)
    told = datetime.fromisoformat(paid_until) if isinstance(paid_until, str) else None
    async with scrubber.database.reading() as session:
        share, paid = share_of(await waiting_dossiers(session), told, now(), scrubber.period)
    states: Counter[CopyState] = Counter()
    for done, each in enumerate(share):
        await progress.tell(done, len(share))
        states.update(await scrub_dossier(scrubber, each.dossier_id))
    await tell_age(scrubber)
    return {PAID: paid.isoformat(), "dossiers": len(share), "states": dict(states)}


async def waiting_dossiers(session: AsyncSession) -> list[Waiting]:
    """Give every dossier that has copies."""
    asked = select(Copy.dossier_id, func.min(Copy.checked_at), func.sum(Copy.byte_count)).group_by(col(Copy.dossier_id))
    return [Waiting(dossier, checked_at, int(size)) for dossier, checked_at, size in await session.exec(asked)]


async def scrub_asked(scrubber: Scrubber, job: JobColumns, _progress: Progress) -> dict[str, object]:
    """Do the job `scrub_dossier`, ordered by a person or because damage was met."""
    states = await scrub_dossier(scrubber, job.subject_id)
    await tell_age(scrubber)
    return {"states": sorted(states)}


async def scrub_suspected(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Order the check of a dossier that was found damaged while it was served; one that has no copies has nothing."""
    if (await uow.session.exec(select(Copy.objid).where(Copy.dossier_id == dossier_id).limit(1))).first() is not None:
        await order(uow, SCRUB, dossier_id)


async def tell_age(scrubber: Scrubber) -> None:
    """Look up how long ago the copy that has waited longest was found right, and how many packages are quarantined."""
    quarantined = select(func.count(col(Copy.objid).distinct())).where(Copy.state == CopyState.QUARANTINED)
    async with scrubber.database.reading() as session:
        scrubber.count.oldest((await session.exec(select(func.min(Copy.verified_at)))).one())
        scrubber.count.in_quarantine.set((await session.exec(quarantined)).one())


async def each_hour(scrubber: Scrubber) -> None:
    """Do what is due every hour."""
    await tell_age(scrubber)
    await order_round(scrubber)
