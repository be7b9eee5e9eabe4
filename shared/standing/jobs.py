"""The list of long work, and a second chance for what failed."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from shared.auth.guard import guarded_router
from shared.edge import Reading, Tables, Uow
from shared.errors import NotFound
from shared.jobs import try_again
from shared.paging import Asked
from shared.plumbing import JobState
from shared.wire import Listing, Out

router = guarded_router()


class JobOut(Out):
    """One piece of long work and how far it is."""

    id: UUID
    kind: str
    subject_id: UUID
    state: JobState
    attempts: int
    progress_done: int
    progress_total: int
    created_at: datetime
    ended_at: datetime | None
    error: str | None


@router.get("/jobs")
async def list_jobs(session: Reading, tables: Tables, portion: Asked, state: JobState | None = None) -> Listing[JobOut]:
    """List jobs, newest first."""
    asked = select(tables.job)
    if state:
        asked = asked.where(tables.job.state == state)
    rows, more = await portion.of(session, asked, tables.job.id, is_newest_first=True)
    return Listing(items=[JobOut.model_validate(row) for row in rows], next=more)


@router.post("/jobs/{job_id}/retry")
async def retry_job(job_id: UUID, uow: Uow) -> JobOut:
    """Put a failed job back in the queue."""
    row = await try_again(uow, job_id)
    if row is None:
        raise NotFound("no failed job has this id")
    return JobOut.model_validate(row)
