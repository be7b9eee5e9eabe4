"""Why an import that has not ended never will: its job failed, or is no more."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.state import ENDED
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.uploading import IMPORT
from shared.plumbing import JobState, Plumbing

LOST = "catalog.import_lost: what was uploaded is gone"


async def failure_of(session: AsyncSession, tables: Plumbing, row: WorkbookImport) -> str:
    """Say why an import failed; empty while it may yet succeed, and when it has ended otherwise."""
    if row.state in ENDED:
        return ""
    asked = select(tables.job).where(tables.job.kind == IMPORT, tables.job.subject_id == row.id)
    job = (await session.exec(asked)).first()
    if job is None:
        return LOST
    return job.error or LOST if job.state == JobState.FAILED else ""
