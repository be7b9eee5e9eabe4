"""Papers of yearly lists: ordered, looked at, fetched."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Here
from services.catalog.domain.yearly import PaperForm, PaperState
from services.catalog.models.yearly import YearlyPaper
from services.catalog.operations import yearly_papers as papers
from services.catalog.operations.yearly import given_list
from shared.auth.guard import guarded_router
from shared.edge import Reading, Tables, Uow
from shared.paging import Asked
from shared.papers.media_types import MEDIA_TYPES
from shared.plumbing import Plumbing
from shared.wire import In, Listing, Out

router: APIRouter = guarded_router()


class YearlyPaperIn(In):
    """Which paper is wanted."""

    form: PaperForm


class YearlyPaperOut(Out):
    """A paper of a yearly list: waiting, making, done or failed; `done_count` of `line_count` rows are in it."""

    id: UUID
    list_id: UUID
    form: PaperForm
    is_draft: bool
    state: PaperState
    done_count: int
    line_count: int
    byte_count: int
    sha256: str
    ordered_by: str
    ordered_at: datetime
    made_at: datetime | None
    failure: str


@router.post("/yearly-lists/{yearly_list_id}/papers", status_code=202)
async def order_yearly_paper(yearly_list_id: UUID, body: YearlyPaperIn, uow: Uow) -> YearlyPaperOut:
    """Order a list as a workbook, a document or a PDF; the same asked again is the same paper."""
    paper = await papers.order_paper(uow, yearly_list_id, body.form)
    return (await shown(uow.session, uow.plumbing, [paper]))[0]


@router.get("/yearly-lists/{yearly_list_id}/papers")
async def list_yearly_papers(
    yearly_list_id: UUID, session: Reading, tables: Tables, portion: Asked
) -> Listing[YearlyPaperOut]:
    """List the papers of a list that are kept, oldest first."""
    await given_list(session, yearly_list_id)
    asked = select(YearlyPaper).where(YearlyPaper.list_id == yearly_list_id)
    rows, more = await portion.of(session, asked, YearlyPaper.id)
    return Listing(items=await shown(session, tables, rows), next=more)


@router.get("/yearly-papers/{yearly_paper_id}")
async def read_yearly_paper(yearly_paper_id: UUID, session: Reading, tables: Tables) -> YearlyPaperOut:
    """Show how far a paper is."""
    return (await shown(session, tables, [await papers.given_paper(session, yearly_paper_id)]))[0]


@router.get("/yearly-papers/{yearly_paper_id}/file", response_class=StreamingResponse)
async def read_yearly_paper_file(yearly_paper_id: UUID, here: Here, tables: Tables) -> StreamingResponse:
    """Give the bytes of a paper that is done. One of a list that is not frozen says that it is a draft."""
    async with here.database.reading() as session:
        form = (await papers.given_paper(session, yearly_paper_id)).form
    content = await papers.content_of(here.database, tables, yearly_paper_id)
    headers = {
        "Content-Disposition": f'attachment; filename="danh-muc-du-phong.{form}"',
        "Cache-Control": "private, no-transform",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(content, headers=headers, media_type=MEDIA_TYPES[form])


async def shown(session: AsyncSession, tables: Plumbing, rows: Sequence[YearlyPaper]) -> list[YearlyPaperOut]:
    """Show papers with how far each is."""
    jobs = await papers.jobs_of(session, tables, rows)
    return [
        YearlyPaperOut(
            **row.model_dump(),
            state=papers.state_of(row, job),
            done_count=job.progress_done if job else 0,
            line_count=job.progress_total if job else 0,
            failure=(job.error or "") if job and row.made_at is None else "",
        )
        for row in rows
        for job in (jobs.get(row.id),)
    ]
