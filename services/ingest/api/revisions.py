"""Later AIPs of preserved dossiers: those that wait, those that are there, and those that cannot be made."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.revision import RevisionState
from services.ingest.models import plumbing
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import RenewedForm, Revision
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.paging import Asked
from shared.plumbing import JobColumns, JobState
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class RevisionOut(Out):
    """A later AIP of a dossier, by the version of its approval; `predecessor` is the AIP that it replaces.

    `refusal` says by code why none can be made of that approval (fonds_changed, documents_misfit,
    document_ids_too_long), `error` what went wrong last while it was made. `renewed_count` of its reading forms were
    made anew so far, `unsigned_count` of those without a signature because the agency had no certificate.
    """

    id: UUID
    dossier_id: UUID
    version: int
    state: RevisionState
    refusal: str
    aip_objid: str
    predecessor: str | None
    ordered_at: datetime
    preserved_at: datetime | None
    renewed_count: int
    unsigned_count: int
    error: str | None


@router.get("/revisions")
async def list_revisions(session: Reading, portion: Asked, state: RevisionState | None = None) -> Listing[RevisionOut]:
    """List later AIPs in the order in which they were asked for."""
    asked = select(Revision)
    if state:
        asked = asked.where(Revision.state == state)
    rows, more = await portion.of(session, asked, Revision.id)
    return Listing(items=await shown(session, rows), next=more)


async def revisions_of(session: AsyncSession, dossier_id: UUID) -> list[RevisionOut]:
    """Show the later AIPs of one dossier, oldest approval first."""
    asked = select(Revision).where(Revision.dossier_id == dossier_id).order_by(col(Revision.version))
    return await shown(session, (await session.exec(asked)).all())


async def shown(session: AsyncSession, rows: Sequence[Revision]) -> list[RevisionOut]:
    """Show revisions with what their jobs ran into and the forms made for them, three queries for all of them."""
    job, waiting = plumbing.job, [row.id for row in rows if row.state == RevisionState.ORDERED]
    asked = select(job.subject_id, job.error).where(job.kind == REVISE, col(job.subject_id).in_(waiting))
    errors = dict((await session.exec(asked)).all())
    counts = await renewed_counts(session, [row.id for row in rows])
    told = set(RevisionOut.model_fields) - {"error", "renewed_count", "unsigned_count"}
    return [
        RevisionOut(
            **row.model_dump(include=told),
            renewed_count=counts.get(row.id, (0, 0))[0],
            unsigned_count=counts.get(row.id, (0, 0))[1],
            error=errors.get(row.id),
        )
        for row in rows
    ]


async def renewed_counts(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Count the reading forms that were made anew for some revisions, and those of them that are unsigned."""
    form = RenewedForm
    asked = select(form.revision_id, func.count(), func.count(col(form.signed_by))).where(
        col(form.revision_id).in_(ids)
    )
    rows = (await session.exec(asked.group_by(col(form.revision_id)))).all()
    return {revision_id: (made, made - signed) for revision_id, made, signed in rows}


async def failed_revisions(session: AsyncSession, dossier_id: UUID) -> Sequence[JobColumns]:
    """Give the jobs of a dossier's revisions that failed."""
    job = plumbing.job
    of_dossier = col(job.subject_id).in_(select(Revision.id).where(Revision.dossier_id == dossier_id))
    asked = select(job).where(job.kind == REVISE, of_dossier, job.state == JobState.FAILED)
    return (await session.exec(asked)).all()
