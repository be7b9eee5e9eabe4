"""When the reading forms of a dossier are all made, or given up, its sealing is ordered."""

from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from services.ingest.models import PageReading, Reading, ScanOrder
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.reading import FORM
from shared.jobs import order_again
from shared.plumbing import JobState
from shared.uow import UnitOfWork


async def seal_when_made(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Order the sealing if no form is left to make; the dossier's row is held, so that one of two that end sees it."""
    await uow.session.get_one(ScanOrder, dossier_id, with_for_update=True)
    await uow.session.flush()
    left = select(func.count()).where(
        Reading.dossier_id == dossier_id, col(Reading.made_at).is_(None), col(Reading.failure).is_(None)
    )
    if not (await uow.session.exec(left)).one():
        await uow.enqueue(SEAL, dossier_id)


async def form_when_read(uow: UnitOfWork, form: Reading) -> None:
    """Order the form if every page of it is read or given up; its row must be held.

    It takes the turn that it had when its dossier was accepted, before the pages of those that came later.
    """
    await uow.session.flush()
    read = select(func.count()).where(PageReading.reading_id == form.id)
    if (await uow.session.exec(read)).one() >= form.page_count:
        await order_again(uow, FORM, form.id)
        job = uow.plumbing.job
        ordered = (col(job.kind) == FORM, col(job.subject_id) == form.id, col(job.state) == JobState.PENDING)
        await uow.session.exec(update(job).where(*ordered).values(not_before=form.ordered_at))
