"""Undo a succession: the agency is there again, with the names and codes that it had; both acts stay in its history.

It is refused once something else rests on it: then that is undone first.
"""

from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.agency import Span, Spans
from services.catalog.domain.agency_errors import FondsMovedSince, SuccessionMissing, SuccessorEndedSince
from services.catalog.models import Fonds
from services.catalog.models.agencies import Agency, FondsAgencies, Past
from services.catalog.operations.agencies import given_agency, held_agency, put_names, remember, remember_after
from services.catalog.operations.agency_codes import put_codes
from services.catalog.operations.attributing import ATTRIBUTED
from services.catalog.operations.keeping_past import demand_seen
from shared.uow import UnitOfWork

SUCCEEDED, UNDONE = "agency.succeeded", "agency.succession_undone"


class Before(TypedDict):
    """How an agency was before it was succeeded, as its history keeps it."""

    agency: dict[str, Any]
    names: list[dict[str, Any]]
    codes: list[dict[str, Any]]


async def undo_succession(uow: UnitOfWork, agency_id: UUID, reason: str, expected: int) -> Agency:
    """Take back that another took over from an agency, with the reason; the same again changes nothing.

    Raises AgencyUnknown, SuccessionMissing, SuccessorEndedSince, FondsMovedSince, AgencyCodeTaken, ChangedMeanwhile.
    """
    successor_id = (await given_agency(uow.session, agency_id)).successor_id
    for each in sorted({agency_id, successor_id or agency_id}):  # in order of id, as those who take over hold them
        await held_agency(uow, each)
    agency = await held_agency(uow, agency_id)
    if successor_id is None or agency.successor_id != successor_id:
        if await was_undone(uow, agency_id, reason):
            return agency
        raise SuccessionMissing
    past = await succession_of(uow, agency_id)
    await demand_nothing_since(uow, agency, past.at)
    demand_seen(agency, expected)
    before: Before = past.content  # type: ignore[assignment] # JSON, as `remember` wrote it
    kept = await remember(uow, agency, UNDONE, reason=reason)
    await put_names(uow, agency_id, spans_in(before["names"], "name"))
    await put_codes(uow, agency_id, spans_in(before["codes"], "code"))
    agency.successor_id, agency.ended_on, agency.basis = None, None, str(before["agency"]["basis"])
    await remember_after(uow, kept, agency)
    uow.record(UNDONE, agency_id, successor_id=str(successor_id), reason=reason)
    return agency


async def succession_of(uow: UnitOfWork, agency_id: UUID) -> Past:
    """Give how an agency was before it was last succeeded."""
    asked = select(Past).where(Past.subject_id == agency_id, Past.act == SUCCEEDED).order_by(col(Past.version).desc())
    found = (await uow.session.exec(asked.limit(1))).first()
    if found is None:
        raise SuccessionMissing
    return found


async def was_undone(uow: UnitOfWork, agency_id: UUID, reason: str) -> bool:
    """Say whether the last thing that became of an agency was this very undoing."""
    asked = select(Past).where(Past.subject_id == agency_id).order_by(col(Past.version).desc()).limit(1)
    last = (await uow.session.exec(asked)).first()
    return last is not None and last.act == UNDONE and last.content.get("reason") == reason


async def demand_nothing_since(uow: UnitOfWork, agency: Agency, since: datetime) -> None:
    """Raise SuccessorEndedSince when the successor was itself taken over; FondsMovedSince when it has a fonds by this.

    That its codes are still free is asked where they are written.
    """
    successor = await uow.session.get_one(Agency, agency.successor_id)
    if successor.ended_on is not None:
        raise SuccessorEndedSince(str(successor.ended_on), agency_id=str(successor.id))
    asked = select(Past).where(Past.act == ATTRIBUTED, Past.at >= since).order_by(col(Past.at))
    moved = {
        past.subject_id
        for past in await uow.session.exec(asked)
        if str(agency.id) in (past.content.get("creator_id"), past.content.get("archive_id"))
    }
    held = select(Fonds.code).join(FondsAgencies, col(FondsAgencies.fonds_id) == col(Fonds.id))
    held = held.where(
        col(Fonds.id).in_(moved),
        (col(FondsAgencies.creator_id) == successor.id) | (col(FondsAgencies.archive_id) == successor.id),
    )
    codes = sorted(await uow.session.exec(held))
    if codes:
        raise FondsMovedSince(", ".join(codes), fonds=codes)


def spans_in(rows: list[dict[str, Any]], field: str) -> Spans:
    """Read names or codes as the history keeps them."""
    found = [
        Span(row[field], date.fromisoformat(row["starts_on"]), row["ends_on"] and date.fromisoformat(row["ends_on"]))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each.starts_on))
