"""Pages as an inspector sees them: judgement, findings, pictures."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from services.qc.api.findings import FindingOut, Reader, told
from services.qc.context import Context
from services.qc.domain.inspection import MustSee, Verdict, awaits_person, must_see
from services.qc.models import InspectedPage, PageCheck
from services.qc.operations.looking import picture_key
from services.qc.operations.seeing import has_seen, note_seen
from shared.auth.guard import guarded_router
from shared.auth.roles import Role
from shared.edge import Calling, Reading
from shared.errors import NotFound
from shared.paging import Asked
from shared.service import context_of
from shared.texts import Language
from shared.uow import Caller
from shared.wire import Listing, Numeral, Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
AskedVersion = Annotated[Numeral | None, Query(ge=1, le=1_000_000)]


class PicturesOut(Out):
    """Where the pictures of this very version are."""

    thumbnail: str
    reading_copy: str


class PageOut(Out):
    """The newest version of a page and what was found; `awaits_person` says whether a verdict is missing.

    A verdict names the `sha256` of the image it is about. `must_see` says why a person must look at the page.
    """

    page_id: UUID
    dossier_id: UUID
    lot_id: UUID | None
    number: int
    version: int
    sha256: str
    is_readable: bool | None
    judgement: Literal["pass", "review", "fail"] | None
    findings: list[FindingOut]
    verdict: Verdict | None
    reason: str
    note: str
    verdict_id: UUID | None
    pictures: PicturesOut | None = None
    must_see: tuple[MustSee, ...] = ()
    awaits_person: bool = False


@router.get("/dossiers/{dossier_id}/pages")
async def list_pages(dossier_id: UUID, session: Reading, portion: Asked, reader: Reader) -> Listing[PageOut]:
    """List the pages of a dossier in order, with the findings in the language that is asked for."""
    asked = select(InspectedPage).where(InspectedPage.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, InspectedPage.number)
    return Listing(items=[shown(row, reader) for row in rows], next=more)


@router.get("/pages/{page_id}/thumbnail", response_class=StreamingResponse)
async def read_thumbnail(
    page_id: UUID, session: Reading, here: Here, caller: Calling, version: AskedVersion = None
) -> StreamingResponse:
    """Show a page small (JPEG, at most 300 px): the newest version, or the one that is asked for."""
    check = await seen_by(here, caller, session, await checked_version(session, page_id, version))
    return await picture(here, check, "thumbnail", lasts=version is not None)


@router.get("/pages/{page_id}/reading-copy", response_class=StreamingResponse)
async def read_reading_copy(
    page_id: UUID, session: Reading, here: Here, caller: Calling, version: AskedVersion = None
) -> StreamingResponse:
    """Show a page large enough to read (JPEG, at most 2000 px): the newest version, or the one that is asked for."""
    check = await seen_by(here, caller, session, await checked_version(session, page_id, version))
    return await picture(here, check, "reading", lasts=version is not None)


async def checked_version(session: Reading, page_id: UUID, version: int | None) -> PageCheck:
    """Give a checked version of a page that has pictures, the newest if none is named. Raises NotFound."""
    asked = select(PageCheck).where(PageCheck.page_id == page_id)
    if version is not None:
        asked = asked.where(PageCheck.version == version)
    check = (await session.exec(asked.order_by(col(PageCheck.version).desc()).limit(1))).first()
    if check is None or not check.has_images:
        raise NotFound("there is no picture of this page")
    return check


async def seen_by(here: Context, caller: Caller, session: Reading, check: PageCheck) -> PageCheck:
    """Remember that an inspector has seen a version of a page; each is written down once.

    The session is given back first: many that hold one connection and wait for another would wait for each other.
    """
    account = caller.account_id
    if account is None or Role.INSPECTOR not in caller.roles:
        return check
    is_known = await has_seen(session, account, check.page_id, check.version)
    await session.close()
    if not is_known:
        async with here.database.writing(caller) as uow:
            await note_seen(uow.session, account, [(check.page_id, check.version)])
    return check


async def picture(here: Context, check: PageCheck, kind: str, *, lasts: bool) -> StreamingResponse:
    """Stream a picture from the derived store; kept by browsers if a newer version will not change it."""
    kept = "private, max-age=86400" if lasts else "private, no-cache"
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": kept}
    chunks = here.derived.read(picture_key(check, kind))
    return StreamingResponse(chunks, media_type="image/jpeg", headers=headers)


def pictures_of(page_id: UUID, version: int) -> PicturesOut:
    """Give the addresses of a version's pictures, which never show another version."""
    return PicturesOut(
        thumbnail=f"/qc/pages/{page_id}/thumbnail?version={version}",
        reading_copy=f"/qc/pages/{page_id}/reading-copy?version={version}",
    )


def shown(row: InspectedPage, language: Language) -> PageOut:
    """Show a page, its findings in words, where its pictures are, and whether it waits for a person."""
    return PageOut(
        **row.model_dump(include=set(PageOut.model_fields) - {"findings"}),
        findings=told(row.findings, language),
        pictures=pictures_of(row.page_id, row.version) if row.is_readable else None,
        must_see=must_see(row.judgement, row.is_sampled, row.version),
        awaits_person=awaits_person(row.judgement, row.verdict, row.is_sampled),
    )
