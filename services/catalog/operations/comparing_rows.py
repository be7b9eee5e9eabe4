"""Compare the rows of an import, portion by portion, and make ready what is right; nobody waits longer than for one."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from services.catalog.context import Context
from services.catalog.domain.state import ImportState
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.keeping_changes import ChangeKeeper
from services.catalog.operations.kept_rows import rows_in, rows_of
from services.catalog.operations.matching import Comparer
from services.catalog.operations.staging import Ready, stage
from services.catalog.operations.standing import codes_before, portions_moved
from services.catalog.operations.sweeping import sweep
from services.catalog.operations.tallying import Part, Tally, part_of
from shared.database import Database
from shared.jobs import Progress
from shared.uow import Caller, UnitOfWork

TRIES = 3  # to catch up with people who edit meanwhile, before the rest is compared while they wait


@dataclass(slots=True)
class Run:
    """An import that is being done: what came of each portion so far, and where the record of each begins."""

    context: Context
    asked: WorkbookImport
    progress: Progress
    keeper: ChangeKeeper
    parts: dict[int, Part] = field(default_factory=dict)
    begins: dict[int, int] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        """Give on whose behalf it is done."""
        return Caller(self.asked.by)

    @property
    def is_staged(self) -> bool:
        """Say whether rows are made ready before they are written."""
        return self.asked.level == "dossiers" and not self.asked.is_dry_run

    @property
    def tally(self) -> Tally:
        """Add up what came of all portions."""
        return Tally.of(self.parts[portion] for portion in sorted(self.parts))


async def compare_all(run: Run) -> None:
    """Hold all rows against what is known. Raises ListMoved."""
    database, comparer = run.context.database, Comparer(run.context, run.asked)
    await sweep(database, run.asked.id)
    run.parts.clear()
    async with database.writing() as uow:
        await run.keeper.begin(uow)
    await mark(database, run.asked.id, state=ImportState.READING, read_count=0)
    portion, tally = 0, Tally()
    async for rows in rows_of(database, run.asked):
        portion += 1
        async with database.reading() as session:
            uow = UnitOfWork(session, database.plumbing, run.caller)
            compared = await comparer.compare(uow, rows)
            ready = await compared.make_ready() if run.is_staged and compared.make_ready else None
        run.begins[portion] = run.keeper.place
        async with database.writing(run.caller) as uow:
            await run.keeper.keep(uow, compared.found.changes)
            await keep_ready(uow, run, portion, ready)
            await set_columns(uow, run.asked.id, read_count=tally.rows + len(rows))
        run.parts[portion] = part_of(compared.found, len(rows), () if run.is_staged else compared.known, tally)
        tally.add(run.parts[portion])
        await run.progress.tell(tally.rows, run.asked.rows)


async def compare_moved(run: Run) -> None:
    """Compare anew the portions that were held against what has changed since. Raises ListMoved, UploadGone."""
    for _ in range(TRIES):
        async with run.context.database.reading() as session:
            moved = await portions_moved(session, run.asked)
        if not moved:
            return
        for portion in moved:
            async with run.context.database.writing(run.caller) as uow:
                await compare_again(uow, run, portion)


async def compare_again(uow: UnitOfWork, run: Run, portion: int) -> None:
    """Hold the rows of one portion against what is known by now. Raises ListMoved, UploadGone."""
    rows = await rows_in(uow.session, run.asked, portion)
    seen = await codes_before(uow.session, run.asked.id, portion, rows)
    compared = await Comparer(run.context, run.asked, seen).compare(uow, rows)
    await run.keeper.keep_at(uow, run.begins[portion], compared.found.changes)
    await keep_ready(uow, run, portion, await compared.make_ready() if compared.make_ready else None)
    run.parts[portion] = part_of(compared.found, len(rows), (), Tally())


async def keep_ready(uow: UnitOfWork, run: Run, portion: int, ready: Ready | None) -> None:
    """Keep what is ready of a portion, if it is made ready at all."""
    if ready is not None:
        await stage(uow, run.asked.id, portion, ready)


async def mark(database: Database, import_id: UUID, **values: object) -> None:
    """Write down how far an import is."""
    async with database.writing() as uow:
        await set_columns(uow, import_id, **values)


async def set_columns(uow: UnitOfWork, import_id: UUID, **values: object) -> None:
    """Write into the row of an import."""
    await uow.session.exec(update(WorkbookImport).where(col(WorkbookImport.id) == import_id).values(**values))
