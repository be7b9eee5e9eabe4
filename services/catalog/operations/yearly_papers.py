"""Papers of a yearly list: ordered, told how far they are, kept for a while, made again when they are asked for."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.yearly import FIXED, PaperForm, PaperState, YearlyState
from services.catalog.domain.yearly_errors import (
    YearlyListStateWrong,
    YearlyListUnknown,
    YearlyPaperTooLong,
    YearlyPaperUnknown,
    YearlyPaperUnready,
)
from services.catalog.models.yearly import YearlyList, YearlyPaper, YearlyPaperPortion
from services.catalog.operations.yearly import demand_gathered
from services.catalog.papers.yearly_pages import LONGEST_DOCUMENT
from shared.clock import now
from shared.database import Database
from shared.jobs import order_again
from shared.plumbing import JobColumns, JobState, Plumbing
from shared.uow import UnitOfWork

PRINT = "print_yearly_list"
STATES = {
    JobState.PENDING: PaperState.WAITING,
    JobState.RUNNING: PaperState.MAKING,
    JobState.DONE: PaperState.MAKING,  # done since the paper was looked at: the next look sees it
    JobState.FAILED: PaperState.FAILED,
}


async def order_paper(uow: UnitOfWork, list_id: UUID, form: PaperForm) -> YearlyPaper:
    """Order a paper of a list; one that is there or on its way is that, one whose making failed is tried again.

    Raises YearlyListUnknown, YearlyListStateWrong, YearlyPaperTooLong.
    """
    told = await uow.session.get(YearlyList, list_id, with_for_update=True, populate_existing=True)
    if told is None:
        raise YearlyListUnknown
    demand_gathered(told)
    if told.state == YearlyState.DISCARDED:
        raise YearlyListStateWrong(told.state, state=told.state)
    if form == PaperForm.DOCX and told.dossier_count > LONGEST_DOCUMENT:
        raise YearlyPaperTooLong(str(told.dossier_count), limit=LONGEST_DOCUMENT)
    is_draft = told.state not in FIXED
    asked = select(YearlyPaper).where(
        YearlyPaper.list_id == list_id, YearlyPaper.form == form, YearlyPaper.is_draft == is_draft
    )
    paper = (await uow.session.exec(asked)).first()
    if paper is None:
        paper = YearlyPaper(list_id=list_id, form=form, is_draft=is_draft, ordered_by=uow.caller.name)
        uow.session.add(paper)
        uow.record("yearly_paper.ordered", list_id, form=form)
    if paper.made_at is None:
        await uow.session.flush()
        await order_again(uow, PRINT, paper.id)
    return paper


async def given_paper(session: AsyncSession, paper_id: UUID) -> YearlyPaper:
    """Give a paper. Raises YearlyPaperUnknown."""
    found = await session.get(YearlyPaper, paper_id)
    if found is None:
        raise YearlyPaperUnknown
    return found


async def jobs_of(session: AsyncSession, tables: Plumbing, papers: Sequence[YearlyPaper]) -> dict[UUID, JobColumns]:
    """Give the jobs that make papers."""
    ids = [paper.id for paper in papers]
    asked = select(tables.job).where(tables.job.kind == PRINT, col(tables.job.subject_id).in_(ids))
    return {job.subject_id: job for job in await session.exec(asked)}


def state_of(paper: YearlyPaper, job: JobColumns | None) -> PaperState:
    """Say how far a paper is."""
    if paper.made_at is not None:
        return PaperState.DONE
    return PaperState.FAILED if job is None else STATES[JobState(job.state)]


async def content_of(database: Database, tables: Plumbing, paper_id: UUID) -> AsyncIterator[bytes]:
    """Give the bytes of a paper that is made. Raises YearlyPaperUnknown, YearlyPaperUnready."""
    async with database.reading() as session:
        paper = await given_paper(session, paper_id)
        if paper.made_at is None:
            state = state_of(paper, (await jobs_of(session, tables, [paper])).get(paper_id))
            raise YearlyPaperUnready(state, state=state)
    return portions_in(database, paper_id)


async def portions_in(database: Database, paper_id: UUID) -> AsyncIterator[bytes]:
    """Give the bytes of a paper, portion by portion."""
    place = 0
    while True:
        async with database.reading() as session:
            found = await session.get(YearlyPaperPortion, (paper_id, place))
        if found is None:
            return
        yield found.content
        place += 1


async def forget_papers(context: Context) -> None:
    """Let go of papers that were made too long ago: their lists stay, and give the same bytes again."""
    old = col(YearlyPaper.made_at) < now() - timedelta(days=context.uploads_kept_days)
    async with context.database.writing() as uow:
        ids = (await uow.session.exec(select(YearlyPaper.id).where(old))).all()
        await forget(uow, ids)
        await uow.session.exec(delete(YearlyPaper).where(col(YearlyPaper.id).in_(ids)))


async def forget(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Delete the bytes of papers."""
    await uow.session.exec(delete(YearlyPaperPortion).where(col(YearlyPaperPortion.paper_id).in_(ids)))
