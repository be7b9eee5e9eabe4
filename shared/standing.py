"""The routes that every service has: is it alive, is it ready, what has it counted, done, queued and given up on."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func
from sqlmodel import col, select

from shared.auth.guard import guarded_router
from shared.bus.port import Letter
from shared.clock import now
from shared.edge import Cursor, Limit, Reading, Uow
from shared.errors import NotFound
from shared.metrics import Meter
from shared.plumbing import Plumbing
from shared.service import Service
from shared.wire import Listing, Out, cursor_of, id_of


class AuditOut(Out):
    """One act: who did what to what."""

    id: UUID
    at: datetime
    actor: str
    act: str
    subject_id: UUID | None
    correlation_id: str
    facts: str


class JobOut(Out):
    """One piece of long work and how far it is."""

    id: UUID
    kind: str
    subject_id: UUID
    state: str
    attempts: int
    progress_done: int
    progress_total: int
    created_at: datetime
    ended_at: datetime | None
    error: str | None


class DeadLetterOut(Out):
    """One event that could not be handled, and why."""

    event_id: UUID
    name: str
    reason: str
    died_at: datetime
    replayed_at: datetime | None


def standing_router(service: Service) -> APIRouter:
    """Make the standing routes of one service."""
    router = guarded_router()
    plumbing = service.context.database.plumbing
    add_health(router, service)
    add_audit(router, plumbing)
    add_jobs(router, plumbing)
    add_dead_letters(router, service)
    return router


def add_health(router: APIRouter, service: Service) -> None:
    """Add life, readiness, metrics and the description of the API."""

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """Say that the process answers."""
        return {"state": "alive"}

    @router.get("/readyz")
    async def readyz(session: Reading) -> dict[str, str]:
        """Say that the database answers too."""
        await session.exec(select(1))
        return {"state": "ready"}

    @router.get("/metrics", response_class=Response)
    async def metrics(session: Reading) -> Response:
        """Give all counters in Prometheus' text form."""
        plumbing = service.context.database.plumbing
        outbox, dead, job = plumbing.outbox, plumbing.dead_letter, plumbing.job
        unsent = select(func.count(), func.min(outbox.created_at)).where(col(outbox.sent_at).is_(None))
        count, oldest = (await session.exec(unsent)).one()
        meter: Meter = service.meter
        meter.unsent.set(count)
        meter.oldest_unsent.set(oldest.timestamp() if count else 0)
        waiting = select(func.count()).select_from(dead).where(col(dead.replayed_at).is_(None))
        meter.dead_letters.set((await session.exec(waiting)).one())
        for kind in service.kinds:
            open_jobs = select(func.count()).where(job.kind == kind, col(job.state).in_(["pending", "running"]))
            meter.jobs_waiting.labels(kind).set((await session.exec(open_jobs)).one())
        return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_LATEST)

    @router.get("/openapi.json")
    async def openapi(request: Request) -> dict[str, object]:
        """Describe the API of this service (OpenAPI 3.1)."""
        described: dict[str, object] = request.app.openapi()
        return described


def add_audit(router: APIRouter, plumbing: Plumbing) -> None:
    """Add the reading of acts, newest first."""
    audit = plumbing.audit

    @router.get("/audit")
    async def list_audit(
        session: Reading, limit: Limit = 100, cursor: Cursor = None, subject_id: UUID | None = None
    ) -> Listing[AuditOut]:
        """List acts, newest first."""
        asked = select(audit).order_by(col(audit.id).desc()).limit(limit)
        if cursor:
            asked = asked.where(col(audit.id) < id_of(cursor))
        if subject_id:
            asked = asked.where(audit.subject_id == subject_id)
        rows = (await session.exec(asked)).all()
        more = cursor_of(str(rows[-1].id)) if len(rows) == limit else None
        return Listing(items=[AuditOut.model_validate(row) for row in rows], next=more)


def add_jobs(router: APIRouter, plumbing: Plumbing) -> None:
    """Add the list of long work, and a second chance for what failed."""
    job = plumbing.job

    @router.get("/jobs")
    async def list_jobs(session: Reading, limit: Limit = 100, state: str | None = None) -> Listing[JobOut]:
        """List jobs, newest first."""
        asked = select(job).order_by(col(job.id).desc()).limit(limit)
        if state:
            asked = asked.where(job.state == state)
        return Listing(items=[JobOut.model_validate(row) for row in await session.exec(asked)])

    @router.post("/jobs/{job_id}/retry")
    async def retry_job(job_id: UUID, uow: Uow) -> JobOut:
        """Put a failed job back in the queue."""
        row = await uow.session.get(job, job_id)
        if row is None or row.state != "failed":
            raise NotFound("no failed job has this id")
        row.state, row.attempts, row.not_before, row.ended_at = "pending", 0, now(), None
        uow.has_enqueued = True
        uow.record("job.retried", row.subject_id, kind=row.kind, error=row.error)
        return JobOut.model_validate(row)


def add_dead_letters(router: APIRouter, service: Service) -> None:
    """Add the list of events given up on, and their replay."""
    dead = service.context.database.plumbing.dead_letter

    @router.get("/dead-letters")
    async def list_dead_letters(session: Reading, limit: Limit = 100) -> Listing[DeadLetterOut]:
        """List events that could not be handled, newest first."""
        rows = await session.exec(select(dead).order_by(col(dead.died_at).desc()).limit(limit))
        return Listing(items=[DeadLetterOut.model_validate(row) for row in rows])

    @router.post("/dead-letters/{event_id}/replay")
    async def replay_dead_letter(event_id: UUID, uow: Uow) -> DeadLetterOut:
        """Hand an event in again; should it fail again, it returns with the new reason."""
        row = await uow.session.get(dead, event_id)
        if row is None:
            raise NotFound("no dead letter has this id")
        await service.listener.replay(Letter(row.event_id, row.name, row.body), uow)
        row.replayed_at = now()
        uow.record("dead_letter.replayed", event_id, event=row.name, reason=row.reason)
        return DeadLetterOut.model_validate(row)
