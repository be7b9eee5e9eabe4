"""Agencies as they travel."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Day, Lines, Words
from services.catalog.domain.agency import Span, said_by
from services.catalog.models.agencies import Agency, AgencyCodeSpan, AgencyName
from shared.clock import day_in_vietnam, now
from shared.wire import In, Out

Code = Annotated[Words, Field(max_length=100)]


class NameIn(In):
    """A name from one day to another, both included; without an end it is the present one."""

    name: Words
    starts_on: Day
    ends_on: Day | None = None


class CodeIn(In):
    """A code from one day to another, both included; without an end it is the present one."""

    code: Code
    starts_on: Day
    ends_on: Day | None = None


class AgencyIn(In):
    """A new agency with every name and code it has had."""

    names: Annotated[tuple[NameIn, ...], Field(min_length=1, max_length=100)]
    codes: Annotated[tuple[CodeIn, ...], Field(max_length=100)] = ()
    parent_id: UUID | None = None
    note: Lines = ""


class RenamingIn(In):
    """What an agency is called from a day on."""

    name: Words
    starts_on: Day


class RecodingIn(In):
    """The code that an agency has from a day on."""

    code: Code
    starts_on: Day


class PlaceIn(In):
    """What an agency stands under, and what else is to be known of it."""

    parent_id: UUID | None
    note: Lines = ""


class SuccessionIn(In):
    """Who takes over from an agency, on which day, and by what that was decided."""

    successor_id: UUID
    on: Day
    basis: Words


class UndoingIn(In):
    """Why an act is undone."""

    reason: Words


class NameOut(Out):
    """A name from one day to another, both included."""

    name: str
    starts_on: date
    ends_on: date | None


class CodeOut(Out):
    """A code from one day to another, both included."""

    code: str
    starts_on: date
    ends_on: date | None


class AgencyOut(Out):
    """An agency; `name` and `code` are those of the day that was asked for, or the last before it."""

    id: UUID
    version: int
    name: str
    code: str
    parent_id: UUID | None
    successor_id: UUID | None
    ended_on: date | None
    basis: str
    note: str
    names: list[NameOut]
    codes: list[CodeOut]


class FoundAgencyOut(Out):
    """Who had a code on a day (`is_in_force`), or last before; who took over, in order, to the one there today."""

    code: str
    starts_on: date
    ends_on: date | None
    is_in_force: bool
    agency: AgencyOut
    successors: list[AgencyOut]


async def shown(session: AsyncSession, rows: Sequence[Agency], day: date | None = None) -> list[AgencyOut]:
    """Show agencies with the names and codes of a day, two queries for all of them."""
    ids, day = [row.id for row in rows], day or day_in_vietnam(now())
    names: dict[UUID, list[AgencyName]] = {}
    asked = select(AgencyName).where(col(AgencyName.agency_id).in_(ids)).order_by(col(AgencyName.starts_on))
    for name in await session.exec(asked):
        names.setdefault(name.agency_id, []).append(name)
    codes: dict[UUID, list[AgencyCodeSpan]] = {}
    of_codes = select(AgencyCodeSpan).where(col(AgencyCodeSpan.agency_id).in_(ids))
    for code in await session.exec(of_codes.order_by(col(AgencyCodeSpan.starts_on))):
        codes.setdefault(code.agency_id, []).append(code)
    return [agency_out(row, names.get(row.id, []), codes.get(row.id, []), day) for row in rows]


def agency_out(row: Agency, names: Sequence[AgencyName], codes: Sequence[AgencyCodeSpan], day: date) -> AgencyOut:
    """Show an agency."""
    spans = [Span(each.name, each.starts_on, each.ends_on) for each in names]
    marks = [Span(each.code, each.starts_on, each.ends_on) for each in codes]
    name, code = said_by(spans, day) or (spans[0] if spans else None), said_by(marks, day)
    return AgencyOut(
        **row.model_dump(exclude={"created_at"}),
        name=name.text if name else "",
        code=code.text if code else "",
        names=[NameOut.model_validate(each) for each in names],
        codes=[CodeOut.model_validate(each) for each in codes],
    )
