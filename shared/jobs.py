"""Long work: a job row with a lease, progress and a result, claimed by any worker process of its service."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import and_, col, select

from shared.clock import now
from shared.database import Database
from shared.errors import ArchiveError, Unavailable
from shared.metrics import Meter
from shared.outbox import LONGEST_REST, for_at_most
from shared.plumbing import JobColumns, JobState
from shared.uow import Caller, UnitOfWork

LEASE = timedelta(seconds=60)
ATTEMPTS = 5
OUTAGE_COUNTS_UP_TO = ATTEMPTS - 2  # so that a long outage and then one killed worker do not end a job
log = logging.getLogger(__name__)

JobHandler = Callable[[JobColumns, "Progress"], Awaitable[dict[str, object] | None]]


class LeaseLost(Exception):
    """Another worker has taken the job over; what this one did to end it is thrown away."""


class Progress:
    """How a job tells how far it is, and how it ends."""

    def __init__(self, database: Database, job: JobColumns) -> None:
        self._database = database
        self._job = job
        self.is_concluded = False

    async def tell(self, done: int, total: int) -> None:
        """Write down that `done` of `total` steps are finished."""
        job = self._database.plumbing.job
        async with self._database.writing() as uow:
            await uow.session.exec(
                update(job).where(col(job.id) == self._job.id).values(progress_done=done, progress_total=total)
            )

    @asynccontextmanager
    async def concluding(self, caller: Caller, result: dict[str, object] | None = None) -> AsyncIterator[UnitOfWork]:
        """Open the unit of work that ends the job: its last act and its end are one transaction.

        Raises LeaseLost, and then nothing of it is committed.
        """
        job = self._database.plumbing.job
        async with self._database.writing(caller) as uow:
            yield uow
            ended = await uow.session.exec(
                update(job).where(held(job, self._job)).values(state="done", result=result, ended_at=now(), lease=None)
            )
            if ended.rowcount != 1:
                raise LeaseLost
        self.is_concluded = True


class Worker:
    """Claims jobs of the kinds it knows and does them, `hands` at a time.

    A job whose worker dies is claimable again when its lease runs out; the dead worker's result, should it still
    come, is refused because the lease is another's. Handlers therefore must be repeatable. A job that killed every
    worker that took it is given up.
    """

    def __init__(self, database: Database, kinds: Mapping[str, JobHandler], hands: int, meter: Meter) -> None:
        self._database = database
        self._kinds = kinds
        self._hands = hands
        self._meter = meter

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until it shall stop."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._hands):
                group.create_task(self._work(stopping))

    async def _work(self, stopping: asyncio.Event) -> None:
        woken = self._database.enqueued
        while not stopping.is_set():
            woken.clear()
            try:
                worked = await self.work_once()
            except Unavailable as outage:
                log.warning("jobs wait: %s", outage)
                worked = False
            if not worked and not stopping.is_set():
                await for_at_most(LONGEST_REST, woken)

    async def work_once(self) -> bool:
        """Claim one job and do it; False when there was none."""
        job = await self._claim()
        if job is None:
            return False
        if job.attempts > ATTEMPTS:
            await self._give_up(job)
            return True
        keeper = asyncio.create_task(self._keep(job))
        try:
            await self._do(job)
        except asyncio.CancelledError:
            await asyncio.shield(self._hand_back(job))
            raise
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        return True

    async def _do(self, job: JobColumns) -> None:
        progress = Progress(self._database, job)
        try:
            result = await self._kinds[job.kind](job, progress)
        except LeaseLost:
            log.warning("job %s %s was taken over by another worker", job.kind, job.id)
        except ArchiveError as failure:
            await self._put_back(job, failure)
        except Exception as failure:
            log.exception("job %s failed", job.kind)
            await self._end(job, state="failed", error=f"{type(failure).__name__}: {failure}")
        else:
            if progress.is_concluded:
                self._meter.jobs.labels(job.kind, "done").inc()
            else:
                await self._end(job, state="done", result=result)

    async def _claim(self) -> JobColumns | None:
        job = self._database.plumbing.job
        moment = now()
        claimable = or_(
            and_(col(job.state) == "pending", col(job.not_before) <= moment),
            and_(col(job.state) == "running", col(job.leased_until) < moment),
        )
        chosen = select(job.id).where(col(job.kind).in_(self._kinds), claimable).order_by(col(job.not_before)).limit(1)
        async with self._database.writing() as uow:
            claimed = await uow.session.exec(
                update(job)
                .where(col(job.id) == chosen.with_for_update(skip_locked=True).scalar_subquery())
                .values(state="running", lease=uuid4(), leased_until=moment + LEASE, attempts=col(job.attempts) + 1)
                .returning(job)
                .execution_options(synchronize_session=False)
            )
            return claimed.scalar_one_or_none()

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
        counted = min(job.attempts, OUTAGE_COUNTS_UP_TO) if isinstance(failure, Unavailable) else job.attempts
        return await self._change(
            job, state="pending", lease=None, leased_until=None, not_before=later, error=reason, attempts=counted
        )

    async def _hand_back(self, job: JobColumns) -> None:
        """Leave a job that a planned stop cut off to whoever comes next; that is no attempt."""
        with suppress(Unavailable):  # then its lease has to run out
            await self._change(job, state="pending", lease=None, leased_until=None, attempts=job.attempts - 1)

    async def _give_up(self, job: JobColumns) -> None:
        """End a job whose lease ran out once too often: the workers that took it died at it."""
        reason = f"jobs.worker_died: its workers died at it; {ATTEMPTS} attempts are used up"
        log.error("job %s %s is given up: %s", job.kind, job.id, reason)
        await self._end(job, state="failed", error=f"{reason}; before that: {job.error}" if job.error else reason)

    async def _end(self, job: JobColumns, *, state: str, error: str | None = None, result: object = None) -> None:
        await self._change(job, state=state, error=error, result=result, ended_at=now(), lease=None)
        self._meter.jobs.labels(job.kind, state).inc()

    async def _change(self, job: JobColumns, **values: object | datetime) -> None:
        table = self._database.plumbing.job
        async with self._database.writing() as uow:
            await uow.session.exec(update(table).where(held(table, job)).values(**values))


def held(table: type[JobColumns], job: JobColumns) -> ColumnElement[bool]:
    """Find the row of a job if it is still held by the lease under which it was claimed."""
    return and_(col(table.id) == job.id, col(table.lease) == job.lease)


def untried() -> dict[str, object]:
    """Give the fields of a job that was never tried."""
    return {"state": JobState.PENDING, "attempts": 0, "not_before": now(), "ended_at": None}


async def order_again(uow: UnitOfWork, kind: str, subject_id: UUID) -> None:
    """Order work that has more to do each time it is ordered: what ended is done anew.

    What waits or runs is left alone. So whoever does such work looks, in the transaction that ends it and under a lock
    that whoever orders it holds too, whether there is more by then.
    """
    job = uow.plumbing.job
    ended = col(job.state).in_((JobState.DONE, JobState.FAILED))
    anew = {**untried(), "progress_done": 0, "progress_total": 0, "error": None, "result": None}
    again = update(job).where(col(job.kind) == kind, col(job.subject_id) == subject_id, ended).values(**anew)
    if (await uow.session.exec(again.execution_options(synchronize_session=False))).rowcount:
        uow.has_enqueued = True
    else:
        await uow.enqueue(kind, subject_id)


async def try_again(uow: UnitOfWork, job_id: UUID) -> JobColumns | None:
    """Put a failed job back in the queue as if it had never been tried; None when no failed job has this id."""
    job = uow.plumbing.job
    failed = and_(col(job.id) == job_id, col(job.state) == JobState.FAILED)
    put_back = update(job).where(failed).values(**untried()).returning(job)
    row = (await uow.session.exec(put_back, execution_options={"populate_existing": True})).scalar_one_or_none()
    if row is not None:
        uow.has_enqueued = True
        uow.record("job.retried", row.subject_id, kind=row.kind, error=row.error)
    return row
