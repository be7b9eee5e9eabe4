"""Import a workbook: the job that reads the rows that were kept, holds them against what is known, and writes them.

Everything is read before anything is written, while nobody waits; then it is held against what is known once more and
written, in one transaction. All rows or none; or, where that is asked for, those that are right.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from services.catalog.context import Context
from services.catalog.domain.state import ImportState
from services.catalog.errors import DescribedMeanwhile, UploadGone
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.bulk import hold
from services.catalog.operations.keeping_changes import ChangeKeeper
from services.catalog.operations.kept_rows import rows_of
from services.catalog.operations.matching import Comparer
from services.catalog.operations.tallying import Tally
from shared.database import Database
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork

COUNTED = {"fonds_id", "level", "rows", "created", "updated", "unchanged", "rejected", "is_dry_run", "sha256"}


class RowsWrong(Exception):
    """Rows that were right are wrong by now; what was written of the others is taken back."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally


@dataclass(frozen=True, slots=True)
class Run:
    """An import that is being done."""

    context: Context
    asked: WorkbookImport
    progress: Progress
    keeper: ChangeKeeper

    @property
    def caller(self) -> Caller:
        """Give on whose behalf it is done."""
        return Caller(self.asked.by)


async def import_workbook(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `import_workbook`; doing it again after it was cut off comes to the same.

    Raises ListMoved, DescribedMeanwhile, UploadGone.
    """
    async with context.database.reading() as session:
        run = Run(
            context, await session.get_one(WorkbookImport, job.subject_id), progress, ChangeKeeper(job.subject_id)
        )
    tally = await looked_through(run)
    is_refused = tally.rejected and not run.asked.valid_rows
    if run.asked.is_dry_run or is_refused or not tally.changes:
        return await end(run, tally)
    await mark(context.database, run.asked.id, state=ImportState.WRITING)
    try:
        await written(run, tally)
    except RowsWrong as wrong:
        await compared(run)  # so that what is kept of each row tells of it as it is by now, too
        await end(run, wrong.tally)
    except IntegrityError as taken:
        raise DescribedMeanwhile from taken
    return None


async def looked_through(run: Run) -> Tally:
    """Say what would come of an import. Raises ListMoved, UploadGone."""
    tally = await compared(run)
    if tally.rows != run.asked.rows:
        raise UploadGone
    return tally


async def compared(run: Run) -> Tally:
    """Hold all rows against what is known, holding nothing for longer than a portion takes. Raises ListMoved."""
    tally, database = Tally(), run.context.database
    comparer = Comparer(run.context, run.asked)
    keeper = run.keeper
    async with database.writing() as uow:
        await keeper.begin(uow)
    await mark(database, run.asked.id, state=ImportState.READING, read_count=0)
    async for rows in rows_of(database, run.asked):
        async with database.writing(run.caller) as uow:
            held = await comparer.compare(uow, rows)
            tally.add(held.found, len(rows), held.known)
            await keeper.keep(uow, held.found.changes)
            read = {"state": ImportState.READING, "read_count": tally.rows}
            await uow.session.exec(update(WorkbookImport).where(col(WorkbookImport.id) == run.asked.id).values(**read))
        await run.progress.tell(tally.rows, run.asked.rows)
    return tally


async def written(run: Run, before: Tally) -> None:
    """Write every row that is right. Raises RowsWrong, ListMoved, IntegrityError."""
    tally = Tally()
    comparer = Comparer(run.context, run.asked)
    run.keeper.begin_again()
    async with run.progress.concluding(run.caller) as uow:
        await hold(uow, before.known)
        async for rows in rows_of(run.context.database, run.asked):
            compared = await comparer.compare(uow, rows)
            tally.add(compared.found, len(rows))
            await run.keeper.keep(uow, compared.found.changes)
            await compared.write()
        if tally.rejected and not run.asked.valid_rows:
            raise RowsWrong(tally)
        await conclude(uow, run, tally)


async def end(run: Run, tally: Tally) -> None:
    """End an import that writes nothing."""
    async with run.progress.concluding(run.caller) as uow:
        await conclude(uow, run, tally)


async def conclude(uow: UnitOfWork, run: Run, tally: Tally) -> None:
    """Write down what became of an import."""
    row = await uow.session.get_one(WorkbookImport, run.asked.id)
    is_done = row.valid_rows or not tally.rejected
    row.sqlmodel_update(tally.outcome(is_done=is_done))
    row.state = ImportState.DONE if is_done else ImportState.REJECTED
    uow.record("workbook.imported", row.id, **row.model_dump(include=COUNTED))


async def mark(database: Database, import_id: UUID, **values: object) -> None:
    """Write down how far an import is."""
    async with database.writing() as uow:
        await uow.session.exec(update(WorkbookImport).where(col(WorkbookImport.id) == import_id).values(**values))
