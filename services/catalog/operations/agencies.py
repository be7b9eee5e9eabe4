"""Agencies: made with their past, renamed and given other codes from a day on, merged into others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.agency import (
    Span,
    Spans,
    demand_follows,
    demand_there,
    ended,
    in_order,
    said_from,
)
from services.catalog.domain.agency_errors import AgencyEnded, AgencyUnknown, ParentWrong, SuccessorWrong
from services.catalog.domain.text import folded
from services.catalog.models.agencies import Agency, AgencyCodeSpan, AgencyName, Past
from services.catalog.operations.agency_codes import code_spans_of, put_codes, successors_of
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Founding:
    """What is told of a new agency: every name and code it has had, and what it stands under."""

    names: Sequence[Span]
    codes: Sequence[Span]
    parent_id: UUID | None
    note: str


async def create_agency(uow: UnitOfWork, told: Founding) -> Agency:
    """Add an agency with its past. Raises SpansWrong, AgencyEnded, AgencyCodeTaken, AgencyUnknown."""
    names, codes = in_order(told.names), in_order(told.codes)
    for each in codes:
        demand_there(names[0].starts_on, None, each.starts_on)
    if told.parent_id is not None:
        await given_agency(uow.session, told.parent_id)
    made = Agency(parent_id=told.parent_id, note=told.note)
    uow.session.add(made)
    await uow.session.flush()
    await put_names(uow, made.id, names)
    await put_codes(uow, made.id, codes)
    uow.record("agency.created", made.id, names=[each.text for each in names], codes=[each.text for each in codes])
    return made


async def rename(uow: UnitOfWork, agency_id: UUID, name: str, starts_on: date, expected: int) -> Agency:
    """Call an agency otherwise from a day on. Raises AgencyUnknown, AgencyEnded, SpansWrong, ChangedMeanwhile."""
    agency, before = await living(uow, agency_id), await names_of(uow.session, agency_id)
    after = said_from(before, name, starts_on)
    if after != before:
        demand_seen(agency, expected)
        kept = await remember(uow, agency, "agency.renamed")
        await put_names(uow, agency_id, after)
        await remember_after(uow, kept, agency)
        uow.record("agency.renamed", agency_id, name=name, starts_on=str(starts_on))
    return agency


async def recode(uow: UnitOfWork, agency_id: UUID, code: str, starts_on: date, expected: int) -> Agency:
    """Give an agency another code from a day on.

    Raises AgencyUnknown, AgencyEnded, SpansWrong, AgencyCodeTaken, ChangedMeanwhile.
    """
    agency, before = await living(uow, agency_id), await code_spans_of(uow.session, agency_id)
    begun_on = (await names_of(uow.session, agency_id))[0].starts_on
    demand_there(begun_on, agency.ended_on, starts_on)
    after = said_from(before, code, starts_on)
    if after != before:
        demand_seen(agency, expected)
        kept = await remember(uow, agency, "agency.recoded")
        await put_codes(uow, agency_id, after)
        await remember_after(uow, kept, agency)
        uow.record("agency.recoded", agency_id, code=code, starts_on=str(starts_on))
    return agency


async def place(uow: UnitOfWork, agency_id: UUID, parent_id: UUID | None, note: str, expected: int) -> Agency:
    """Say what an agency stands under, and what else is to be known of it.

    Raises AgencyUnknown, ParentWrong, ChangedMeanwhile.
    """
    if parent_id is not None:
        await demand_not_under(uow, parent_id, agency_id)
    agency = await held_agency(uow, agency_id)
    if (agency.parent_id, agency.note) == (parent_id, note):
        return agency
    demand_seen(agency, expected)
    kept = await remember(uow, agency, "agency.placed")
    agency.parent_id, agency.note = parent_id, note
    await remember_after(uow, kept, agency)
    uow.record("agency.placed", agency_id, parent_id=str(parent_id or ""), note=note)
    return agency


async def succeed(uow: UnitOfWork, agency_id: UUID, successor_id: UUID, on: date, basis: str, expected: int) -> Agency:
    """End an agency on a day: another takes over, by what was decided. Several may be taken over by one.

    Raises AgencyUnknown, AgencyEnded, SuccessorWrong, SpansWrong, ChangedMeanwhile.
    """
    first, second = sorted((agency_id, successor_id))  # in order of id, so that two never wait for each other
    held = {each: await held_agency(uow, each) for each in (first, second)}
    agency, successor = held[agency_id], held[successor_id]
    if (agency.successor_id, agency.ended_on, agency.basis) == (successor_id, on, basis):
        return agency
    if agency.ended_on is not None:
        raise AgencyEnded(str(agency.ended_on), ended_on=str(agency.ended_on))
    if agency_id == successor_id:
        raise SuccessorWrong(str(on), reason="itself")
    names, codes = await names_of(uow.session, agency_id), await code_spans_of(uow.session, agency_id)
    heirs = select(func.max(Agency.ended_on)).where(Agency.successor_id == agency_id)
    demand_follows(
        on,
        begun_on=(await names_of(uow.session, successor_id))[0].starts_on,
        ended_on=successor.ended_on,
        took_over_on=(await uow.session.exec(heirs)).one(),
    )
    demand_seen(agency, expected)
    kept = await remember(uow, agency, "agency.succeeded")
    await put_names(uow, agency_id, ended(names, on))
    await put_codes(uow, agency_id, ended(codes, on))
    agency.successor_id, agency.ended_on, agency.basis = successor_id, on, basis
    await remember_after(uow, kept, agency)
    uow.record("agency.succeeded", agency_id, successor_id=str(successor_id), on=str(on), basis=basis)
    return agency


async def demand_not_under(uow: UnitOfWork, agency_id: UUID, other_id: UUID) -> None:
    """Raise ParentWrong when an agency is another, or stands under it; AgencyUnknown when it is not there.

    All agencies are held meanwhile, in order of id: two that are put under each other at once would make a ring.
    """
    held = await uow.session.exec(select(Agency).order_by(col(Agency.id)).with_for_update())
    above = {row.id: row.parent_id for row in held}
    if agency_id not in above:
        raise AgencyUnknown
    present: UUID | None = agency_id
    while present is not None:
        if present == other_id:
            raise ParentWrong
        present = above[present]


async def living(uow: UnitOfWork, agency_id: UUID) -> Agency:
    """Give an agency that is still there, held. Raises AgencyUnknown, AgencyEnded."""
    agency = await held_agency(uow, agency_id)
    if agency.ended_on is not None:
        raise AgencyEnded(str(agency.ended_on), ended_on=str(agency.ended_on))
    return agency


async def held_agency(uow: UnitOfWork, agency_id: UUID) -> Agency:
    """Give an agency, held for changing. Raises AgencyUnknown."""
    found = await uow.session.get(Agency, agency_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise AgencyUnknown
    return found


async def given_agency(session: AsyncSession, agency_id: UUID) -> Agency:
    """Give an agency. Raises AgencyUnknown."""
    found = await session.get(Agency, agency_id)
    if found is None:
        raise AgencyUnknown
    return found


async def going_agency(session: AsyncSession, agency_id: UUID) -> Agency:
    """Give an agency that is there today: nothing new is sent in for one that has ended, but for who took over.

    Raises AgencyUnknown, AgencyEnded, which names that one.
    """
    agency = await given_agency(session, agency_id)
    if agency.ended_on is None or agency.ended_on > day_in_vietnam(now()):
        return agency
    heir = (await successors_of(session, agency))[-1]
    name = (await names_of(session, heir.id))[-1].text
    raise AgencyEnded(
        f"{agency.ended_on}: {name}", ended_on=str(agency.ended_on), successor_id=str(heir.id), successor=name
    )


async def names_of(session: AsyncSession, agency_id: UUID) -> Spans:
    """Give the names of an agency, the first first."""
    asked = select(AgencyName).where(AgencyName.agency_id == agency_id).order_by(col(AgencyName.starts_on))
    return tuple(Span(row.name, row.starts_on, row.ends_on) for row in await session.exec(asked))


async def put_names(uow: UnitOfWork, agency_id: UUID, names: Spans) -> None:
    """Write the names of an agency in place of those it has."""
    await uow.session.exec(delete(AgencyName).where(col(AgencyName.agency_id) == agency_id))
    uow.session.add_all(
        AgencyName(
            agency_id=agency_id, starts_on=each.starts_on, ends_on=each.ends_on, name=each.text,
            folded=folded(each.text),
        )
        for each in names
    )  # fmt: skip
    await uow.session.flush()


async def remember(uow: UnitOfWork, agency: Agency, act: str, **more: str) -> Past:
    """Keep how an agency is before an act changes it, and what more is to be known of the act."""
    names, codes = await said_rows(uow, agency.id)
    kept = keep_past(uow, agency, act, agency=agency, names=names, codes=codes, **more)
    for row in (*names, *codes):
        uow.session.expunge(row)  # their rows are written anew
    return kept


async def remember_after(uow: UnitOfWork, kept: Past, agency: Agency) -> None:
    """Keep how an agency is once an act has changed it."""
    names, codes = await said_rows(uow, agency.id)
    keep_after(kept, agency=agency, names=names, codes=codes)


async def said_rows(uow: UnitOfWork, agency_id: UUID) -> tuple[Sequence[AgencyName], Sequence[AgencyCodeSpan]]:
    """Give the rows of an agency's names and codes."""
    names = await uow.session.exec(select(AgencyName).where(AgencyName.agency_id == agency_id))
    codes = await uow.session.exec(select(AgencyCodeSpan).where(AgencyCodeSpan.agency_id == agency_id))
    return names.all(), codes.all()
