"""Let go of what imports have made ready and do not need any more, a portion at a time; what goes is overwritten."""

from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.state import ENDED
from services.catalog.models.imports import WorkbookImport
from services.catalog.models.staging import basis
from services.catalog.operations.purging import overwrite_what_goes
from services.catalog.operations.staging import unstage
from services.catalog.operations.uploading import IMPORT
from shared.database import Database
from shared.plumbing import JobState


async def sweep(database: Database, import_id: UUID) -> None:
    """Let go of all that is ready of an import."""
    asked = select(basis.c.portion).where(basis.c.import_id == import_id).distinct().order_by(basis.c.portion)
    async with database.reading() as session:
        portions = (await session.exec(asked)).all()
    for portion in portions:
        async with database.writing() as uow:
            await overwrite_what_goes(uow)
            await unstage(uow, import_id, portion)


async def sweep_ended(database: Database) -> None:
    """Let go of what is left of imports that have ended, and of those whose job is given up or gone."""
    job = database.plumbing.job
    open_jobs = select(job.subject_id).where(
        job.kind == IMPORT, col(job.state).in_((JobState.PENDING, JobState.RUNNING))
    )
    over = col(WorkbookImport.state).in_(ENDED) | col(WorkbookImport.id).not_in(open_jobs)
    left = select(WorkbookImport.id).where(over, col(WorkbookImport.id).in_(select(basis.c.import_id)))
    async with database.reading() as session:
        found = (await session.exec(left)).all()
    for import_id in found:
        await sweep(database, import_id)
