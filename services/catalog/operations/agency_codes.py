"""Codes of agencies: whose a code was on a day, and that no two ever have one at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.agency import Span, Spans, code_key
from services.catalog.domain.agency_errors import AgencyCodeTaken, AgencyCodeUnknown
from services.catalog.models.agencies import Agency, AgencyCode, AgencyCodeSpan
from shared.uow import UnitOfWork


async def holder_of(session: AsyncSession, code: str, day: date) -> AgencyCodeSpan:
    """Give who had a code on a day, or who had it last before. Raises AgencyCodeUnknown."""
    asked = select(AgencyCodeSpan).where(AgencyCodeSpan.key == code_key(code), col(AgencyCodeSpan.starts_on) <= day)
    found = (await session.exec(asked.order_by(col(AgencyCodeSpan.starts_on).desc()).limit(1))).first()
    if found is None:
        raise AgencyCodeUnknown(code)
    return found


async def successors_of(session: AsyncSession, agency: Agency) -> Sequence[Agency]:
    """Give who took over from an agency, and who from that one, to the one that is there today."""
    found: list[Agency] = []
    while agency.successor_id is not None:
        agency = await session.get_one(Agency, agency.successor_id)
        found.append(agency)
    return found


async def code_spans_of(session: AsyncSession, agency_id: UUID) -> Spans:
    """Give the codes of an agency, the first first."""
    asked = select(AgencyCodeSpan).where(AgencyCodeSpan.agency_id == agency_id)
    rows = await session.exec(asked.order_by(col(AgencyCodeSpan.starts_on)))
    return tuple(Span(row.code, row.starts_on, row.ends_on) for row in rows)


async def put_codes(uow: UnitOfWork, agency_id: UUID, codes: Spans) -> None:
    """Write the codes of an agency in place of those it has. Raises AgencyCodeTaken."""
    for key in sorted({code_key(each.text) for each in codes}):  # in order, so that two never wait for each other
        await hold_code(uow, key)
    await uow.session.exec(delete(AgencyCodeSpan).where(col(AgencyCodeSpan.agency_id) == agency_id))
    for each in codes:
        await demand_free(uow, each)
        uow.session.add(
            AgencyCodeSpan(
                key=code_key(each.text), starts_on=each.starts_on, ends_on=each.ends_on, agency_id=agency_id,
                code=each.text,
            )
        )  # fmt: skip
        await uow.session.flush()


async def hold_code(uow: UnitOfWork, key: str) -> None:
    """Keep others from giving a code to an agency until this act ends."""
    asked = select(AgencyCode).where(AgencyCode.key == key).with_for_update()
    if (await uow.session.exec(asked)).first() is not None:
        return
    try:
        async with uow.session.begin_nested():
            uow.session.add(AgencyCode(key=key))
    except IntegrityError:  # another has just made it, and is done by now
        await uow.session.exec(asked)


async def demand_free(uow: UnitOfWork, span: Span) -> None:
    """Raise AgencyCodeTaken when an agency has a code on a day of a span."""
    rows = await uow.session.exec(select(AgencyCodeSpan).where(AgencyCodeSpan.key == code_key(span.text)))
    for row in rows:
        if span.meets(Span(row.code, row.starts_on, row.ends_on)):
            raise AgencyCodeTaken(
                row.code, agency_id=str(row.agency_id), starts_on=str(row.starts_on),
                ends_on=row.ends_on and str(row.ends_on),
            )  # fmt: skip
