"""Pages as an inspector sees them: judgement, findings, pictures; and what is said of them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from services.qc.api.findings import FindingOut, Reader, told
from services.qc.context import Context
from services.qc.domain.inspection import Verdict, awaits_person
from services.qc.models import InspectedPage, PageCheck
from services.qc.operations import inspecting
from services.qc.operations.looking import picture_key
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.service import context_of
from shared.texts import Language
from shared.wire import In, Line, Listing, Note, Ordinal, Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]


class PageOut(Out):
    """The newest version of a page and what was found; `awaits_person` says whether a verdict is missing."""

    page_id: UUID
    dossier_id: UUID
    number: int
    version: int
    is_readable: bool | None
    judgement: Literal["pass", "review", "fail"] | None
    findings: list[FindingOut]
    verdict: Verdict | None
    note: str
    awaits_person: bool = False


class VerdictIn(In):
    """What a person says of a version of a page."""

    version: Ordinal
    verdict: Literal["accepted", "accepted_with_reservation", "rejected"]
    note: Note = ""


class RescanIn(In):
    """Why a version of a page must be scanned again."""

    version: Ordinal
    reason: Line


class RescanOut(Out):
    """The order for a new image."""

    id: UUID
    page_id: UUID
    page_version: int
    reason: str


@router.get("/dossiers/{dossier_id}/pages")
async def list_pages(dossier_id: UUID, session: Reading, portion: Asked, reader: Reader) -> Listing[PageOut]:
    """List the pages of a dossier in order, with the findings in the language that is asked for."""
    asked = select(InspectedPage).where(InspectedPage.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, InspectedPage.number)
    return Listing(items=[shown(row, reader) for row in rows], next=more)


@router.put("/pages/{page_id}/verdict")
async def give_verdict(page_id: UUID, body: VerdictIn, uow: Uow, reader: Reader) -> PageOut:
    """Say of a page that it is accepted, accepted with a reservation, or rejected."""
    return shown(await inspecting.give_verdict(uow, page_id, body.version, Verdict(body.verdict), body.note), reader)


@router.post("/pages/{page_id}/rescan-orders", status_code=201)
async def order_rescan(page_id: UUID, body: RescanIn, uow: Uow) -> RescanOut:
    """Ask the station for a new image of a page."""
    return RescanOut.model_validate(await inspecting.order_rescan(uow, page_id, body.version, body.reason))


@router.get("/pages/{page_id}/thumbnail", response_class=StreamingResponse)
async def read_thumbnail(page_id: UUID, session: Reading, here: Here) -> StreamingResponse:
    """Show a page small (JPEG, at most 300 px)."""
    return await picture(here, await newest_check(session, page_id), "thumbnail")


@router.get("/pages/{page_id}/reading-copy", response_class=StreamingResponse)
async def read_reading_copy(page_id: UUID, session: Reading, here: Here) -> StreamingResponse:
    """Show a page large enough to read (JPEG, at most 2000 px)."""
    return await picture(here, await newest_check(session, page_id), "reading")


async def newest_check(session: Reading, page_id: UUID) -> PageCheck:
    """Give the newest checked version of a page. Raises NotFound."""
    asked = select(PageCheck).where(PageCheck.page_id == page_id).order_by(col(PageCheck.version).desc()).limit(1)
    check = (await session.exec(asked)).first()
    if check is None or not check.has_images:
        raise NotFound("there is no picture of this page")
    return check


async def picture(here: Context, check: PageCheck, kind: str) -> StreamingResponse:
    """Stream a picture from the derived store."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
    chunks = here.derived.read(picture_key(check, kind))
    return StreamingResponse(chunks, media_type="image/jpeg", headers=headers)


def shown(row: InspectedPage, language: Language) -> PageOut:
    """Show a page, its findings in words, and whether it waits for a person."""
    waits = awaits_person(row.judgement, row.verdict, row.is_sampled)
    facts = row.model_dump(include=set(PageOut.model_fields) - {"findings"})
    return PageOut(**facts, findings=told(row.findings, language), awaits_person=waits)
