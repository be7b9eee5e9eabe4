"""Import a workbook: the job that reads the rows that were kept, holds them against what is known, and writes them.

Dossiers are compared and made ready while nobody waits; then all that is ready is written in one short transaction.
Fonds, series and documents are compared once more and written in one. All rows or none; or, where that is asked for,
those that are right.
"""

from sqlalchemy.exc import IntegrityError

from services.catalog.context import Context
from services.catalog.domain.import_errors import UploadGone
from services.catalog.domain.state import ImportState
from services.catalog.errors import DescribedMeanwhile
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.bulk import hold
from services.catalog.operations.comparing_rows import Run, compare_again, compare_all, compare_moved, mark
from services.catalog.operations.keeping_changes import ChangeKeeper
from services.catalog.operations.kept_rows import rows_of
from services.catalog.operations.matching import Comparer
from services.catalog.operations.standing import hold_still, portions_moved
from services.catalog.operations.sweeping import sweep
from services.catalog.operations.tallying import Tally, part_of
from services.catalog.operations.writing_staged import write_staged
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import UnitOfWork

COUNTED = {"fonds_id", "level", "rows", "created", "updated", "unchanged", "rejected", "is_dry_run", "sha256"}


class RowsWrong(Exception):
    """Rows that were right are wrong by now; what was written of the others is taken back."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally


async def import_workbook(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `import_workbook`; doing it again after it was cut off comes to the same.

    Raises ListMoved, DescribedMeanwhile, UploadGone.
    """
    async with context.database.reading() as session:
        asked = await session.get_one(WorkbookImport, job.subject_id)
    run = Run(context, asked, progress, ChangeKeeper(job.subject_id))
    tally = await looked_through(run)
    is_refused = tally.rejected and not run.asked.valid_rows
    if run.asked.is_dry_run or is_refused or not tally.changes:
        await end(run, tally)
    else:
        await done(run, tally)
    await sweep(context.database, run.asked.id)


async def looked_through(run: Run) -> Tally:
    """Say what would come of an import. Raises ListMoved, UploadGone."""
    await compare_all(run)
    tally = run.tally
    if tally.rows != run.asked.rows:
        raise UploadGone
    return tally


async def done(run: Run, tally: Tally) -> None:
    """Write what is right, or end the import where that is by now too little. Raises ListMoved, DescribedMeanwhile."""
    await mark(run.context.database, run.asked.id, state=ImportState.WRITING)
    try:
        await (write_ready(run) if run.is_staged else write_compared(run, tally))
    except RowsWrong as wrong:
        await compare_all(run)  # so that what is kept of each row tells of it as it is by now, too
        await end(run, wrong.tally)
    except IntegrityError as taken:
        raise DescribedMeanwhile from taken


async def write_ready(run: Run) -> None:
    """Write the dossiers that are ready; a portion is compared anew where what it was held against has changed.

    Raises RowsWrong, ListMoved, IntegrityError.
    """
    await compare_moved(run)
    async with run.progress.concluding(run.caller) as uow:
        if run.context.database.locks_rows:
            await hold_still(uow, run.asked)
        for portion in await portions_moved(uow.session, run.asked):
            await compare_again(uow, run, portion)
        tally = run.tally
        demand_right(run, tally)
        await write_staged(uow, run.asked.id)
        await conclude(uow, run, tally)


async def write_compared(run: Run, before: Tally) -> None:
    """Compare all rows once more and write what is right of fonds, series or documents, in one transaction.

    Raises RowsWrong, ListMoved, IntegrityError.
    """
    tally = Tally()
    comparer = Comparer(run.context, run.asked)
    run.keeper.begin_again()
    async with run.progress.concluding(run.caller) as uow:
        await hold(uow, before.known)
        async for rows in rows_of(run.context.database, run.asked):
            compared = await comparer.compare(uow, rows)
            tally.add(part_of(compared.found, len(rows), (), tally))
            await run.keeper.keep(uow, compared.found.changes)
            if compared.write:
                await compared.write()
        demand_right(run, tally)
        await conclude(uow, run, tally)


def demand_right(run: Run, tally: Tally) -> None:
    """Raise RowsWrong where a row is wrong and all are to be right."""
    if tally.rejected and not run.asked.valid_rows:
        raise RowsWrong(tally)


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
