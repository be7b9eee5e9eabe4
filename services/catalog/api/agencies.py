"""Agencies: made, found by a code of any day, renamed, recoded, merged; their accounts and their fonds."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import col, or_, select

from services.catalog.api.agency_shapes import (
    AgencyIn,
    AgencyOut,
    FoundAgencyOut,
    PlaceIn,
    RecodingIn,
    RenamingIn,
    SuccessionIn,
    UndoingIn,
    shown,
)
from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.shapes import Day
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.agency import Span, code_key
from services.catalog.domain.agency_errors import AgencyCodeUnknown
from services.catalog.domain.text import folded
from services.catalog.models.agencies import Agency, AgencyCodeSpan, AgencyName
from services.catalog.operations import agencies, undoing_succession
from services.catalog.operations.access import acts_for, agencies_of, demand_acts_for
from services.catalog.operations.agency_codes import holder_of, successors_of
from shared.auth.guard import guarded_router
from shared.clock import day_in_vietnam, now
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.wire import Listing, Term, Words

router: APIRouter = guarded_router()


@router.post("/agencies", status_code=201)
async def create_agency(body: AgencyIn, uow: Uow, response: Response) -> AgencyOut:
    """Add an agency with every name and code it has had."""
    names = [Span(each.name, each.starts_on, each.ends_on) for each in body.names]
    codes = [Span(each.code, each.starts_on, each.ends_on) for each in body.codes]
    made = await agencies.create_agency(uow, agencies.Founding(names, codes, body.parent_id, body.note))
    return await one(uow, made, response)


@router.get("/agencies")
async def list_agencies(
    session: Reading, caller: Calling, portion: Asked, on: Day | None = None, q: Words = ""
) -> Listing[AgencyOut]:
    """List agencies, an agency's account its own; `q` finds words of any name, or the beginning of any code.

    `on` shows the names and codes of that day, and leaves out who was not there.
    """
    asked, own = select(Agency), agencies_of(caller)
    if own is not None:
        asked = asked.where(col(Agency.id).in_(own))
    if on is not None:
        begun = select(AgencyName.agency_id).where(col(AgencyName.starts_on) <= on)
        asked = asked.where(col(Agency.id).in_(begun), or_(col(Agency.ended_on).is_(None), col(Agency.ended_on) > on))
    if q.strip():
        named = select(AgencyName.agency_id)
        for word in folded(q).split():
            named = named.where(col(AgencyName.folded).contains(word, autoescape=True))
        coded = select(AgencyCodeSpan.agency_id)
        coded = coded.where(col(AgencyCodeSpan.key).startswith(code_key(q), autoescape=True))
        asked = asked.where(or_(col(Agency.id).in_(named), col(Agency.id).in_(coded)))
    rows, more = await portion.of(session, asked, Agency.id)
    return Listing(items=await shown(session, rows, on), next=more)


@router.get("/agencies/by-code")
async def find_agency_by_code(
    session: Reading, caller: Calling, code: Annotated[Term, Query()], on: Day | None = None
) -> FoundAgencyOut:
    """Find who had a code on a day (today when none is told), or last before, and who took over since."""
    day: date = on or day_in_vietnam(now())
    span = await holder_of(session, code, day)
    if not await acts_for(session, caller, span.agency_id):
        raise AgencyCodeUnknown(code)
    agency = await session.get_one(Agency, span.agency_id)
    return FoundAgencyOut(
        code=span.code,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        is_in_force=Span(span.code, span.starts_on, span.ends_on).covers(day),
        agency=(await shown(session, [agency], day))[0],
        successors=await shown(session, await successors_of(session, agency)),
    )


@router.get("/agencies/{agency_id}")
async def read_agency(agency_id: UUID, session: Reading, caller: Calling, response: Response) -> AgencyOut:
    """Show one agency; its ETag is what a change has to name in If-Match."""
    await demand_acts_for(session, caller, agency_id)
    row = await agencies.given_agency(session, agency_id)
    tag(response, row.version)
    return (await shown(session, [row]))[0]


@router.post("/agencies/{agency_id}/names")
async def rename_agency(
    agency_id: UUID, body: RenamingIn, uow: Uow, expected: Expected, response: Response
) -> AgencyOut:
    """Call an agency otherwise from a day on; on the first day of its last name, that is put right."""
    made = await agencies.rename(uow, agency_id, body.name, body.starts_on, expected)
    return await one(uow, made, response)


@router.post("/agencies/{agency_id}/codes")
async def recode_agency(
    agency_id: UUID, body: RecodingIn, uow: Uow, expected: Expected, response: Response
) -> AgencyOut:
    """Give an agency another code from a day on; on the first day of its last code, that is put right."""
    made = await agencies.recode(uow, agency_id, body.code, body.starts_on, expected)
    return await one(uow, made, response)


@router.put("/agencies/{agency_id}/place")
async def place_agency(agency_id: UUID, body: PlaceIn, uow: Uow, expected: Expected, response: Response) -> AgencyOut:
    """Say what an agency stands under."""
    made = await agencies.place(uow, agency_id, body.parent_id, body.note, expected)
    return await one(uow, made, response)


@router.post("/agencies/{agency_id}/succession")
async def succeed_agency(
    agency_id: UUID, body: SuccessionIn, uow: Uow, expected: Expected, response: Response
) -> AgencyOut:
    """End an agency that another takes over; its codes still lead to it, and on to that one."""
    made = await agencies.succeed(uow, agency_id, body.successor_id, body.on, body.basis, expected)
    return await one(uow, made, response)


@router.post("/agencies/{agency_id}/succession/undoing")
async def undo_succession(
    agency_id: UUID, body: UndoingIn, uow: Uow, expected: Expected, response: Response
) -> AgencyOut:
    """Take back that another took over from an agency, with the reason, while nothing else rests on it."""
    return await one(uow, await undoing_succession.undo_succession(uow, agency_id, body.reason, expected), response)


@router.get("/agencies/{agency_id}/history")
async def list_agency_past(agency_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of an agency, newest first: who, when, how it was before and after."""
    await agencies.given_agency(session, agency_id)
    return await history_of(session, portion, agency_id)


async def one(uow: Uow, row: Agency, response: Response) -> AgencyOut:
    """Show an agency that was just changed."""
    await uow.session.flush()
    tag(response, row.version)
    return (await shown(uow.session, [row]))[0]
