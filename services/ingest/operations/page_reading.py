"""Read one page: print it in the sandbox, let the reader read the print, keep what it found."""

from functools import partial

from sqlmodel import col, select

from services.ingest.context import Context
from services.ingest.domain.reading_language import reading_languages
from services.ingest.models import Master, Page, PageReading, Reading, ScanOrder
from services.ingest.operations.completing import form_when_read
from services.ingest.reading.page_text import PageText
from services.ingest.reading.tesseract import PageUnread, Reader
from services.ingest.reading.workroom import workroom
from shared.events.catalog import DossierApproved
from shared.imaging.measurement import Printing
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller

NO_READER = "no_reader"


async def read_page(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `read_page`; doing it again comes to the same."""
    async with context.database.reading() as session:
        if await session.get(PageReading, job.subject_id) is not None:
            return
        master = await session.get_one(Master, job.subject_id)
        page = await session.get_one(Page, master.page_id)
        order = await session.get_one(ScanOrder, page.dossier_id)
        asked = select(Reading).where(
            Reading.dossier_id == page.dossier_id,
            col(Reading.first_page) <= page.number,
            col(Reading.last_page) >= page.number,
        )
        form = (await session.exec(asked)).one()
    row = PageReading(master_id=master.id, reading_id=form.id, page_number=page.number)
    approved = DossierApproved.model_validate_json(order.approval)
    reader = context.desk.reader
    languages = reader.known(reading_languages(approved.description.languages)) if reader else ()
    try:
        if reader is None:
            raise PageUnread(NO_READER)
        row.text = (await read(context, reader, master, languages)).to_bytes()
        row.read_by = reader.name(languages)
    except PageUnread as unread:
        row.fault, row.detail = unread.reason, str(unread)
    async with progress.concluding(Caller("ingest")) as uow:
        held = await uow.session.get_one(Reading, form.id, with_for_update=True)
        if await uow.session.get(PageReading, master.id) is None:
            uow.session.add(row)
        await form_when_read(uow, held)


async def read(context: Context, reader: Reader, master: Master, languages: tuple[str, ...]) -> PageText:
    """Read a version of a page. Raises PageUnread, WorkroomUnavailable."""
    with workroom() as folder:
        fill = partial(context.incoming.copy_to, master.key)
        seen = await context.desk.sandbox.print(fill, Printing(reading=True, into=folder))
        printed = seen.measurement.printed
        if printed is None or printed.reading_dpi is None:
            raise PageUnread(seen.measurement.fault or "unreadable", seen.measurement.detail)
        return await reader.read(folder, printed.reading_dpi, languages)
