"""How far the reading forms of a dossier are, which pages have no text, and whether they are signed."""

import json
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import StreamingResponse
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.ingest.context import Context
from services.ingest.errors import ScanWithdrawn
from services.ingest.models import PageReading, ScanOrder, plumbing
from services.ingest.models import Reading as Form
from services.ingest.operations.reading import FORM, forms_of
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.errors import NotFound
from shared.plumbing import JobColumns, JobState
from shared.service import context_of
from shared.wire import Numeral, Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
MOST_TOLD = 1000
DocumentNumber = Annotated[Numeral, Path(ge=1, le=100_000)]
Signature = Literal["waiting", "signed", "partly signed", "unsigned: no certificate"]


class UnreadPageOut(Out):
    """A page without text in its reading form, and why."""

    document: int
    page: int
    reason: str


class ReadingOut(Out):
    """The reading forms of a dossier: documents made and given up, pages read so far, the first pages without text."""

    made: int
    total: int
    given_up: int
    pages_read: int
    pages_total: int
    unread_count: int
    unread_pages: list[UnreadPageOut]
    signature: Signature
    signed_by: str | None
    error: str | None


@router.get("/dossiers/{dossier_id}/reading-forms/{document}", response_class=StreamingResponse)
async def read_form(dossier_id: UUID, document: DocumentNumber, session: Reading, here: Here) -> StreamingResponse:
    """Give the PDF of a document while it lies in the incoming store: until it was sealed and swept.

    Nothing of a dossier that no list holds any more is given: it may have been found secret.
    """
    order = await session.get(ScanOrder, dossier_id)
    if order is not None and order.is_withdrawn:
        raise ScanWithdrawn
    asked = select(Form).where(Form.dossier_id == dossier_id, Form.document == document)
    form = (await session.exec(asked)).first()
    if order is None or form is None or form.key is None or await here.incoming.size(form.key) is None:
        raise NotFound("this reading form is not made yet, or lies in its package only")
    headers = {
        "Content-Length": str(form.size),
        "Content-Disposition": f'inline; filename="{order.folder_name}.{document}.pdf"',
        "ETag": f'"{form.sha256}"',
        "Cache-Control": "private, no-transform",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(here.incoming.read(form.key), headers=headers, media_type="application/pdf")


async def reading_of(session: AsyncSession, dossier_id: UUID) -> ReadingOut | None:
    """Show how the reading forms of a dossier are, or None where none were ordered."""
    forms = await forms_of(session, dossier_id)
    if not forms:
        return None
    read = select(func.count()).where(col(PageReading.reading_id).in_(ids_of(dossier_id)))
    made = [form for form in forms if form.made_at]
    errors = [form.failure for form in forms if form.failure] + await troubles(session, dossier_id)
    unread = [UnreadPageOut(document=form.document, **each) for form in made for each in json.loads(form.unread_pages)]
    return ReadingOut(
        made=len(made),
        total=len(forms),
        given_up=sum(form.failure is not None for form in forms),
        pages_read=(await session.exec(read)).one(),
        pages_total=sum(form.page_count for form in forms),
        unread_count=len(unread),
        unread_pages=unread[:MOST_TOLD],
        signature=signature_of(made),
        signed_by=next((form.signed_by for form in made if form.signed_by), None),
        error=errors[0] if errors else None,
    )


def signature_of(made: Sequence[Form]) -> Signature:
    """Say whether the forms are signed."""
    signed = sum(form.signed_by is not None for form in made)
    if not made:
        return "waiting"
    if not signed:
        return "unsigned: no certificate"
    return "signed" if signed == len(made) else "partly signed"


def ids_of(dossier_id: UUID) -> SelectOfScalar[UUID]:
    """Ask for the forms of a dossier inside another question: it may have a hundred thousand documents."""
    return select(Form.id).where(Form.dossier_id == dossier_id)


async def troubles(session: AsyncSession, dossier_id: UUID) -> list[str]:
    """Say what keeps forms waiting, or ended their jobs."""
    job = plumbing.job
    of_dossier = col(job.subject_id).in_(ids_of(dossier_id))
    asked = select(job.error).where(job.kind == FORM, of_dossier, col(job.error).is_not(None))
    return [error for error in await session.exec(asked.where(col(job.state) != JobState.DONE)) if error]


async def failed_forms(session: AsyncSession, dossier_id: UUID) -> Sequence[JobColumns]:
    """Give the jobs of a dossier's forms that failed."""
    job = plumbing.job
    of_dossier = col(job.subject_id).in_(ids_of(dossier_id))
    asked = select(job).where(job.kind == FORM, of_dossier, job.state == JobState.FAILED)
    return (await session.exec(asked)).all()
