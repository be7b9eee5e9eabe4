"""Difficulties: raised by agencies or the centre's own people, answered by the centre, closed, told to the report."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.difficulty_kinds import kinds
from services.catalog.domain.agency_errors import AgencyUnknown
from services.catalog.domain.difficulty import DifficultyState, advance, demand_unanswered
from services.catalog.domain.difficulty_errors import DifficultyKindUnknown, DifficultyUnknown
from services.catalog.models.difficulties import Difficulty
from services.catalog.operations.access import acts_for, demand_acts_for
from services.catalog.operations.agencies import going_agency
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from services.catalog.operations.telling_agencies import described
from shared.auth.roles import ANSWERING, DESCRIBERS, READERS, WORKERS, Role
from shared.clock import now
from shared.events.catalog import (
    DifficultyAnswered,
    DifficultyChanged,
    DifficultyClosed,
    DifficultyDescription,
    DifficultyRaised,
)
from shared.ids import DifficultyId
from shared.uow import Caller, UnitOfWork

Told = type[DifficultyRaised] | type[DifficultyChanged] | type[DifficultyAnswered] | type[DifficultyClosed]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What stands in the way, of which kind, and what is asked for."""

    kind: str
    text: str
    wish: str
    year: int


async def raise_difficulty(uow: UnitOfWork, agency_id: UUID | None, told: Complaint, *, is_stated: bool) -> Difficulty:
    """Send a difficulty in; without an agency it is the centre's own.

    Raises AgencyUnknown, AgencyEnded, DifficultyKindUnknown.
    """
    demand_kind(told.kind)
    if agency_id is not None:
        await demand_acts_for(uow.session, uow.caller, agency_id, DESCRIBERS)
        await going_agency(uow.session, agency_id)
    elif not uow.caller.roles & WORKERS:
        raise AgencyUnknown
    made = Difficulty(agency_id=agency_id, raised_by=uow.caller.name, **asdict(told))
    made.secrecy_by, made.secrecy_at = stated(uow, is_stated=is_stated)
    uow.session.add(made)
    await uow.session.flush()
    uow.record("difficulty.raised", made.id, kind=told.kind, year=told.year, is_stated=is_stated)
    await tell(uow, made, DifficultyRaised)
    return made


async def change_difficulty(
    uow: UnitOfWork, difficulty_id: UUID, told: Complaint, expected: int, *, is_stated: bool
) -> Difficulty:
    """Tell a difficulty otherwise while nobody has answered; saying the same again changes nothing.

    Raises DifficultyUnknown, DifficultyStateWrong, DifficultyKindUnknown, ChangedMeanwhile.
    """
    demand_kind(told.kind)
    difficulty = await held_difficulty(uow, difficulty_id, DESCRIBERS)
    is_same = Complaint(**{name: getattr(difficulty, name) for name in Complaint.__slots__}) == told
    if is_same and (difficulty.secrecy_at or not is_stated):
        return difficulty
    demand_unanswered(difficulty.state)
    demand_seen(difficulty, expected)
    kept = keep_past(uow, difficulty, "difficulty.changed", difficulty=difficulty)
    for name, value in asdict(told).items():
        setattr(difficulty, name, value)
    difficulty.secrecy_by, difficulty.secrecy_at = stated(uow, is_stated=is_stated)
    keep_after(kept, difficulty=difficulty)
    uow.record("difficulty.changed", difficulty_id, version=difficulty.version, is_stated=is_stated)
    await tell(uow, difficulty, DifficultyChanged)
    return difficulty


async def answer_difficulty(
    uow: UnitOfWork, difficulty_id: UUID, answer: str, expected: int, *, is_stated: bool
) -> Difficulty:
    """Answer a difficulty, or answer it better while it is not closed; the same again changes nothing.

    Raises DifficultyUnknown, DifficultyStateWrong, ChangedMeanwhile.
    """
    difficulty = await held_difficulty(uow, difficulty_id)
    if difficulty.answer == answer and (difficulty.answer_secrecy_at or not is_stated):
        return difficulty
    state = advance(difficulty.state, DifficultyState.ANSWERED)
    demand_seen(difficulty, expected)
    kept = keep_past(uow, difficulty, "difficulty.answered", difficulty=difficulty)
    difficulty.state, difficulty.answer = state, answer
    difficulty.answered_by, difficulty.answered_at = uow.caller.name, now()
    difficulty.answer_secrecy_by, difficulty.answer_secrecy_at = stated(uow, is_stated=is_stated)
    keep_after(kept, difficulty=difficulty)
    uow.record("difficulty.answered", difficulty_id, version=difficulty.version, is_stated=is_stated)
    await tell(uow, difficulty, DifficultyAnswered)
    return difficulty


async def close_difficulty(uow: UnitOfWork, difficulty_id: UUID, expected: int) -> Difficulty:
    """Close an answered difficulty. Raises DifficultyUnknown, DifficultyStateWrong, ChangedMeanwhile."""
    difficulty = await held_difficulty(uow, difficulty_id)
    if difficulty.state == DifficultyState.CLOSED:
        return difficulty
    state = advance(difficulty.state, DifficultyState.CLOSED)
    demand_seen(difficulty, expected)
    kept = keep_past(uow, difficulty, "difficulty.closed", difficulty=difficulty)
    difficulty.state, difficulty.closed_by, difficulty.closed_at = state, uow.caller.name, now()
    keep_after(kept, difficulty=difficulty)
    uow.record("difficulty.closed", difficulty_id, version=difficulty.version)
    await tell(uow, difficulty, DifficultyClosed)
    return difficulty


async def tell(uow: UnitOfWork, difficulty: Difficulty, what: Told) -> None:
    """Tell others of a difficulty as it stands now."""
    agency = None if difficulty.agency_id is None else await described(uow.session, difficulty.agency_id)
    words = kinds()[difficulty.kind]
    facts = difficulty.model_dump(include=set(DifficultyDescription.model_fields) - {"agency"})
    told = DifficultyDescription(**facts, agency=agency, kind_vi=words["vi"], kind_en=words["en"])
    uow.publish(what(difficulty_id=DifficultyId(difficulty.id), version=difficulty.version, difficulty=told))


def stated(uow: UnitOfWork, *, is_stated: bool) -> tuple[str, datetime | None]:
    """Give who says that a text holds no state secret, and when."""
    return (uow.caller.name, now()) if is_stated else ("", None)


def demand_kind(kind: str) -> None:
    """Raise DifficultyKindUnknown for a kind that the list does not have."""
    if kind not in kinds():
        raise DifficultyKindUnknown(kind)


async def held_difficulty(uow: UnitOfWork, difficulty_id: UUID, centre: frozenset[Role] = ANSWERING) -> Difficulty:
    """Give a difficulty that the caller may change, held. Raises DifficultyUnknown."""
    found = await uow.session.get(Difficulty, difficulty_id, with_for_update=True, populate_existing=True)
    if found is None or not await may(uow.session, uow.caller, found, centre):
        raise DifficultyUnknown
    return found


async def visible_difficulty(session: AsyncSession, difficulty_id: UUID, caller: Caller) -> Difficulty:
    """Give a difficulty that the caller may see. Raises DifficultyUnknown."""
    found = await session.get(Difficulty, difficulty_id)
    if found is None or not await may(session, caller, found, READERS):
        raise DifficultyUnknown
    return found


async def may(session: AsyncSession, caller: Caller, found: Difficulty, centre: frozenset[Role]) -> bool:
    """Say whether a difficulty is the caller's business.

    One of an agency is that agency's, and of the centre's people with some roles; the centre's own is everybody's
    there who works, or reads.
    """
    if found.agency_id is None:
        return bool(caller.roles & (WORKERS | centre))
    return await acts_for(session, caller, found.agency_id, centre)
