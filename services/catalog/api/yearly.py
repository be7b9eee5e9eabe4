"""Yearly lists of the documents that need a reserve copy (Decree 113/2025/NĐ-CP, article 30)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, computed_field
from sqlmodel import col, select

from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.shapes import Day, Here, Words
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.words import CodeList
from services.catalog.domain.yearly import YearlyState
from services.catalog.domain.yearly_rule import LEFT_OUT, YearlyRule
from services.catalog.models.yearly import YearlyLine, YearlyList
from services.catalog.operations import yearly
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Listing, Numeral, Out

router: APIRouter = guarded_router()
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
AskedYear = Annotated[Numeral | None, Query(ge=2000, le=2100)]


class YearlyListIn(In):
    """A new list of a year, of one fonds or (without one) of all; a newer one names the list that it replaces."""

    year: Year
    fonds_id: UUID | None = None
    replaces_id: UUID | None = None


class SendingIn(In):
    """To whom a list was sent, when, and by which letter."""

    sent_to: Words
    sent_on: Day
    letter_number: Words


class DiscardingIn(In):
    """Why a draft is given up."""

    reason: Words


class ConfirmationOut(Out):
    """Who confirmed a rule for the Centre, when, and on what basis."""

    by: str
    at: datetime
    basis: str


class YearlyListOut(Out):
    """A yearly list; `left_out` counts the dossiers that it does not name, by reason; `sha256` is of its lines.

    Without a `confirmation` nobody has yet said for the Centre that the list's rule is the right one.
    """

    id: UUID
    version: int
    year: int
    fonds_id: UUID | None
    number: int | None
    state: YearlyState
    replaces_id: UUID | None
    rule: YearlyRule
    confirmation: ConfirmationOut | None
    dossier_count: int
    sheet_count: int
    page_count: int
    left_out: dict[str, int]
    sha256: str
    made_by: str
    made_at: datetime
    gathered_at: datetime | None
    frozen_by: str
    frozen_at: datetime | None
    sent_to: str
    sent_on: date | None
    letter_number: str
    sent_by: str
    discarded_by: str
    discarded_at: datetime | None
    discard_reason: str

    @computed_field  # type: ignore[prop-decorator] # pydantic's way with properties
    @property
    def left_out_words(self) -> CodeList:
        """Say in words why dossiers are left out, by reason."""
        return {reason: LEFT_OUT[reason] for reason in self.left_out}


class YearlyLineOut(Out):
    """A dossier as it stood when the list was made."""

    number: int
    dossier_id: UUID
    fonds_code: str
    fonds_title: str
    file_code: str
    title: str
    retention: str
    access_level: str
    languages: list[str]
    starts_on: str | None
    ends_on: str | None
    document_count: int | None
    sheet_count: int | None
    page_count: int
    physical_condition: str | None
    criteria: list[str]
    note: str


class DifferenceOut(Out):
    """A dossier that is said otherwise than in the list replaced: it came (no `before`), went (no `after`), changed."""

    dossier_id: UUID
    before: YearlyLineOut | None
    after: YearlyLineOut | None
    fields: list[str]


@router.post("/yearly-lists", status_code=201)
async def create_yearly_list(body: YearlyListIn, uow: Uow, here: Here, response: Response) -> YearlyListOut:
    """Begin a list; it is gathered in the background, and can be looked at once its state is `gathered`."""
    made = await yearly.begin_list(uow, body.year, body.fonds_id, body.replaces_id, here.yearly_rule)
    return await one(uow, made, response)


@router.get("/yearly-lists")
async def list_yearly_lists(session: Reading, portion: Asked, year: AskedYear = None) -> Listing[YearlyListOut]:
    """List yearly lists, newest first."""
    asked = select(YearlyList)
    if year is not None:
        asked = asked.where(YearlyList.year == year)
    rows, more = await portion.of(session, asked, YearlyList.id, is_newest_first=True)
    return Listing(items=[YearlyListOut.model_validate(row) for row in rows], next=more)


@router.get("/yearly-lists/{yearly_list_id}")
async def read_yearly_list(yearly_list_id: UUID, session: Reading, response: Response) -> YearlyListOut:
    """Show one list; its ETag is what a change has to name in If-Match."""
    row = await yearly.given_list(session, yearly_list_id)
    tag(response, row.version)
    return YearlyListOut.model_validate(row)


@router.get("/yearly-lists/{yearly_list_id}/dossiers")
async def list_yearly_dossiers(yearly_list_id: UUID, session: Reading, portion: Asked) -> Listing[YearlyLineOut]:
    """List the dossiers on a list, in its order."""
    yearly.demand_gathered(await yearly.given_list(session, yearly_list_id))
    asked = select(YearlyLine).where(YearlyLine.list_id == yearly_list_id)
    rows, more = await portion.of(session, asked, YearlyLine.number)
    return Listing(items=[YearlyLineOut.model_validate(row) for row in rows], next=more)


@router.get("/yearly-lists/{yearly_list_id}/differences")
async def list_yearly_differences(yearly_list_id: UUID, session: Reading, portion: Asked) -> Listing[DifferenceOut]:
    """List what is said otherwise than in the list that this one replaces; of a first list, everything came."""
    made = await yearly.given_list(session, yearly_list_id)
    yearly.demand_gathered(made)
    rows, more = await portion.of(session, yearly.differing_lines(made), YearlyLine.dossier_id)
    ids = [row.dossier_id for row in rows if row.list_id == made.id]
    old = select(YearlyLine).where(YearlyLine.list_id == made.replaces_id, col(YearlyLine.dossier_id).in_(ids))
    before = {row.dossier_id: row for row in await session.exec(old)} if made.replaces_id else {}
    items = [
        difference(row.dossier_id, before.get(row.dossier_id), row)
        if row.list_id == made.id
        else difference(row.dossier_id, row, None)
        for row in rows
    ]
    return Listing(items=items, next=more)


@router.post("/yearly-lists/{yearly_list_id}/freezing")
async def freeze_yearly_list(yearly_list_id: UUID, uow: Uow, expected: Expected, response: Response) -> YearlyListOut:
    """Freeze a gathered list under the next number of its year."""
    return await one(uow, await yearly.freeze_list(uow, yearly_list_id, expected), response)


@router.post("/yearly-lists/{yearly_list_id}/sending")
async def send_yearly_list(
    yearly_list_id: UUID, body: SendingIn, uow: Uow, expected: Expected, response: Response
) -> YearlyListOut:
    """Write down to whom a frozen list was sent, when, and by which letter."""
    made = await yearly.send_list(uow, yearly_list_id, body.sent_to, body.sent_on, body.letter_number, expected)
    return await one(uow, made, response)


@router.post("/yearly-lists/{yearly_list_id}/discarding")
async def discard_yearly_list(
    yearly_list_id: UUID, body: DiscardingIn, uow: Uow, expected: Expected, response: Response
) -> YearlyListOut:
    """Give a draft up, with the reason; another one can be begun in its place."""
    return await one(uow, await yearly.discard_list(uow, yearly_list_id, body.reason, expected), response)


@router.get("/yearly-lists/{yearly_list_id}/history")
async def list_yearly_past(yearly_list_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of a list, newest first: who, when, how it was before and after."""
    await yearly.given_list(session, yearly_list_id)
    return await history_of(session, portion, yearly_list_id)


def difference(dossier_id: UUID, before: YearlyLine | None, after: YearlyLine | None) -> DifferenceOut:
    """Tell one dossier's difference, and in which fields it lies."""
    one, other = (row and YearlyLineOut.model_validate(row) for row in (before, after))
    fields = [
        name
        for name in YearlyLineOut.model_fields
        if one and other and name != "number" and getattr(one, name) != getattr(other, name)
    ]
    return DifferenceOut(dossier_id=dossier_id, before=one, after=other, fields=fields)


async def one(uow: Uow, row: YearlyList, response: Response) -> YearlyListOut:
    """Show a list that was just changed."""
    await uow.session.flush()
    tag(response, row.version)
    return YearlyListOut.model_validate(row)
