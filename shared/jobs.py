"""Long work: a job row with a lease, progress and a result, claimed by any worker process of its service."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, update
from sqlmodel import and_, col, select

from shared.clock import now
from shared.database import Database
from shared.errors import ArchiveError, Unavailable
from shared.metrics import Meter
from shared.outbox import rest
from shared.plumbing import JobColumns

LEASE = timedelta(seconds=60)
ATTEMPTS = 5
log = logging.getLogger(__name__)

JobHandler = Callable[[JobColumns, "Progress"], Awaitable[dict[str, object] | None]]


class Progress:
    """How a job tells how far it is."""

    def __init__(self, database: Database, job_id: UUID) -> None:
        self._database = database
        self._job_id = job_id

    async def tell(self, done: int, total: int) -> None:
        """Write down that `done` of `total` steps are finished."""
        job = self._database.plumbing.job
        async with self._database.writing() as uow:
            await uow.session.exec(
                update(job).where(col(job.id) == self._job_id).values(progress_done=done, progress_total=total)
            )


class Worker:
    """Claims jobs of the kinds it knows and does them, `hands` at a time.

    A job whose worker dies is claimable again when its lease runs out; the dead worker's result, should it still
    come, is refused because the lease is another's. Handlers therefore must be repeatable.
    """

    def __init__(self, database: Database, kinds: Mapping[str, JobHandler], hands: int, meter: Meter) -> None:
        self._database = database
        self._kinds = kinds
        self._hands = hands
        self._meter = meter

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._hands):
                group.create_task(self._work())

    async def _work(self) -> None:
        woken = self._database.enqueued
        while True:
            woken.clear()
            try:
                worked = await self.work_once()
            except Unavailable as outage:
                log.warning("jobs wait: %s", outage)
                worked = False
            if not worked:
                await rest(woken)

    async def work_once(self) -> bool:
        """Claim one job and do it; False when there was none."""
        job = await self._claim()
        if job is None:
            return False
        keeper = asyncio.create_task(self._keep(job))
        try:
            result = await self._kinds[job.kind](job, Progress(self._database, job.id))
        except ArchiveError as failure:
            await self._put_back(job, failure)
        except Exception as failure:
            log.exception("job %s failed", job.kind)
            await self._end(job, state="failed", error=f"{type(failure).__name__}: {failure}")
        else:
            await self._end(job, state="done", result=result)
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        return True

    async def _claim(self) -> JobColumns | None:
        job = self._database.plumbing.job
        moment = now()
        claimable = or_(
            and_(col(job.state) == "pending", col(job.not_before) <= moment),
            and_(col(job.state) == "running", col(job.leased_until) < moment),
        )
        async with self._database.reading() as session:  # a look without a lock: most looks find nothing
            if (
                await session.exec(select(job.id).where(col(job.kind).in_(self._kinds), claimable).limit(1))
            ).first() is None:
                return None
        async with self._database.writing() as uow:
            found = await uow.session.exec(
                select(job)
                .where(col(job.kind).in_(self._kinds), claimable)
                .order_by(col(job.not_before))
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            claimed = found.first()
            if claimed is not None:
                claimed.state, claimed.lease, claimed.leased_until = "running", uuid4(), moment + LEASE
                claimed.attempts += 1
        return claimed

    async def _keep(self, job: JobColumns) -> None:
        """Extend the lease while the work goes on."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(Unavailable):
                await self._change(job, leased_until=now() + LEASE)

    async def _put_back(self, job: JobColumns, failure: ArchiveError) -> None:
        """Try again later what may yet succeed: an outage for ever, anything else five times."""
        again = isinstance(failure, Unavailable) or (failure.retryable and job.attempts < ATTEMPTS)
        reason = f"{failure.code}: {failure}"
        if not again:
            log.error("job %s failed: %s", job.kind, reason)
            return await self._end(job, state="failed", error=reason)
        later = now() + timedelta(seconds=min(30.0, 0.5 * 2 ** min(job.attempts, 6)))
        return await self._change(job, state="pending", lease=None, leased_until=None, not_before=later, error=reason)

    async def _end(self, job: JobColumns, *, state: str, error: str | None = None, result: object = None) -> None:
        await self._change(job, state=state, error=error, result=result, ended_at=now(), lease=None)
        self._meter.jobs.labels(job.kind, state).inc()

    async def _change(self, job: JobColumns, **values: object | datetime) -> None:
        table = self._database.plumbing.job
        mine = and_(col(table.id) == job.id, col(table.lease) == job.lease)
        async with self._database.writing() as uow:
            await uow.session.exec(update(table).where(mine).values(**values))
