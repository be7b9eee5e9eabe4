"""Nothing waits for ever: pages whose readers died and forms that could not be made are given up, and told.

A form that could not be made is tried once more in the plainest way; if that fails too, its dossier is sealed without.
"""

from sqlmodel import and_, col, select

from services.ingest.context import Context
from services.ingest.models import Master, Page, PageReading, Reading, plumbing
from services.ingest.operations.completing import form_when_read, seal_when_made
from services.ingest.operations.reading import FORM, READ
from shared.jobs import order_again
from shared.plumbing import JobState
from shared.uow import Caller

GIVEN_UP = "given_up"


async def rescue_forms(context: Context) -> int:
    """Go on with every form that stands still because a job of its failed; gives how many jobs that were."""
    job = plumbing.job
    failed = and_(col(job.state) == JobState.FAILED, col(job.kind).in_((READ, FORM)))
    async with context.database.reading() as session:
        stuck = (await session.exec(select(job.kind, job.subject_id, job.error).where(failed))).all()
    moved = 0
    for kind, subject_id, error in stuck:
        if kind == READ:
            moved += await give_page_up(context, subject_id, error or "")
        else:
            moved += await go_on(context, subject_id, error or "")
    return moved


async def give_page_up(context: Context, master_id: object, error: str) -> bool:
    """Call a page unread."""
    async with context.database.writing(Caller("ingest")) as uow:
        if await uow.session.get(PageReading, master_id) is not None:
            return False
        master = await uow.session.get_one(Master, master_id)
        page = await uow.session.get_one(Page, master.page_id)
        asked = select(Reading).where(
            Reading.dossier_id == page.dossier_id,
            col(Reading.first_page) <= page.number,
            col(Reading.last_page) >= page.number,
        )
        form = (await uow.session.exec(asked.with_for_update())).one()
        uow.session.add(
            PageReading(master_id=master.id, reading_id=form.id, page_number=page.number, fault=GIVEN_UP, detail=error)
        )
        uow.record("page.unread", page.id, number=page.number, error=error)
        await form_when_read(uow, form)
    return True


async def go_on(context: Context, reading_id: object, error: str) -> bool:
    """Try a form in the plainest way, or go on without it."""
    async with context.database.writing(Caller("ingest")) as uow:
        form = await uow.session.get_one(Reading, reading_id, with_for_update=True)
        if form.made_at is not None or form.failure is not None:
            return False
        if not form.is_plain:
            form.is_plain = True
            await order_again(uow, FORM, form.id)
        else:
            form.failure = error
            uow.record("reading_form.given_up", form.dossier_id, document=form.document, error=error)
            await seal_when_made(uow, form.dossier_id)
    return True
