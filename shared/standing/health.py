"""Life, readiness, metrics, and the description of the API."""

from fastapi import Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func
from sqlmodel import col, select

from shared.auth.guard import guarded_router
from shared.edge import Reading, Tables
from shared.service import Itself

router = guarded_router()


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
async def metrics(session: Reading, tables: Tables, service: Itself) -> Response:
    """Give all counters in Prometheus' text form."""
    outbox, dead, job, meter = tables.outbox, tables.dead_letter, tables.job, service.meter
    unsent = select(func.count(), func.min(outbox.created_at)).where(col(outbox.sent_at).is_(None))
    count, oldest = (await session.exec(unsent)).one()
    meter.unsent.set(count)
    meter.oldest_unsent.set(oldest.timestamp() if count else 0)
    waiting = select(func.count()).select_from(dead).where(col(dead.replayed_at).is_(None))
    meter.dead_letters.set((await session.exec(waiting)).one())
    for kind in (*service.kinds, *service.apart):
        open_jobs = select(func.count()).where(job.kind == kind, col(job.state).in_(["pending", "running"]))
        meter.jobs_waiting.labels(kind).set((await session.exec(open_jobs)).one())
    return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/openapi.json")
async def openapi(request: Request) -> dict[str, object]:
    """Describe the API of this service (OpenAPI 3.1)."""
    described: dict[str, object] = request.app.openapi()
    return described
