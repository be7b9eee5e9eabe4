"""Difficulties that agencies or the centre's own people send in, and the centre's answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import col, select

from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.shapes import Here, Lines, Words
from services.catalog.api.versions import Expected, tag
from services.catalog.context import Context
from services.catalog.difficulty_kinds import kinds
from services.catalog.domain.difficulty import DifficultyState
from services.catalog.domain.secret_mark import demand_open
from services.catalog.models.difficulties import Difficulty
from services.catalog.operations import hearing_difficulties as hearing
from services.catalog.operations.access import agencies_of
from shared.auth.guard import guarded_router
from shared.clock import day_in_vietnam, now
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.wire import Flag, In, Listing, Numeral, Out

router: APIRouter = guarded_router()
Text = Annotated[Lines, Field(min_length=1)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
AskedYear = Annotated[Numeral | None, Query(ge=2000, le=2100)]


class ComplaintIn(In):
    """What stands in the way, of which kind, and what is asked for; `year` is whose report tells it (this one).

    The writer says that it holds no state secret: unless secrets may be kept here, it is not taken without.
    """

    kind: Words
    text: Text
    wish: Lines = ""
    year: Year | None = None
    holds_no_secret: Flag = False

    def complaint(self) -> hearing.Complaint:
        """Give what was told; without a year it is this one, as Vietnam counts it."""
        return hearing.Complaint(self.kind, self.text, self.wish, self.year or day_in_vietnam(now()).year)


class DifficultyIn(ComplaintIn):
    """A difficulty of an agency; without one it is the centre's own."""

    agency_id: UUID | None = None


class AnswerIn(In):
    """What the centre answers, and that it holds no state secret."""

    answer: Text
    holds_no_secret: Flag = False


class DifficultyOut(Out):
    """A difficulty with its answer."""

    id: UUID
    version: int
    agency_id: UUID | None
    year: int
    kind: str
    text: str
    wish: str
    state: DifficultyState
    raised_by: str
    raised_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    secrecy_by: str
    secrecy_at: datetime | None
    answer_secrecy_by: str
    answer_secrecy_at: datetime | None


class KindOut(Out):
    """A kind of difficulty, in both languages."""

    code: str
    vi: str
    en: str


@router.get("/difficulty-kinds")
async def list_difficulty_kinds() -> Listing[KindOut]:
    """List the kinds that difficulties are sorted by."""
    return Listing(items=[KindOut(code=code, **words) for code, words in kinds().items()])


@router.post("/difficulties", status_code=201)
async def raise_difficulty(body: DifficultyIn, uow: Uow, here: Here, response: Response) -> DifficultyOut:
    """Send a difficulty in."""
    demand_sayable(body, here)
    made = await hearing.raise_difficulty(uow, body.agency_id, body.complaint(), is_stated=body.holds_no_secret)
    return shown(made, response)


@router.get("/difficulties")
async def list_difficulties(
    session: Reading, caller: Calling, portion: Asked, year: AskedYear = None, state: DifficultyState | None = None
) -> Listing[DifficultyOut]:
    """List difficulties, newest last; an agency's account sees its own."""
    asked, own = select(Difficulty), agencies_of(caller)
    if own is not None:
        asked = asked.where(col(Difficulty.agency_id).in_(own))
    if year is not None:
        asked = asked.where(Difficulty.year == year)
    if state is not None:
        asked = asked.where(Difficulty.state == state)
    rows, more = await portion.of(session, asked, Difficulty.id)
    return Listing(items=[DifficultyOut.model_validate(row) for row in rows], next=more)


@router.get("/difficulties/{difficulty_id}")
async def read_difficulty(difficulty_id: UUID, session: Reading, caller: Calling, response: Response) -> DifficultyOut:
    """Show one difficulty; its ETag is what a change has to name in If-Match."""
    return shown(await hearing.visible_difficulty(session, difficulty_id, caller), response)


@router.put("/difficulties/{difficulty_id}")
async def change_difficulty(
    difficulty_id: UUID, body: ComplaintIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> DifficultyOut:
    """Tell a difficulty otherwise while nobody has answered it."""
    demand_sayable(body, here)
    made = await hearing.change_difficulty(
        uow, difficulty_id, body.complaint(), expected, is_stated=body.holds_no_secret
    )
    return shown(made, response)


@router.put("/difficulties/{difficulty_id}/answer")
async def answer_difficulty(
    difficulty_id: UUID, body: AnswerIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> DifficultyOut:
    """Answer a difficulty, or answer it better while it is not closed."""
    demand_open(is_stated=body.holds_no_secret, secrets_allowed=here.secrets_allowed, answer=body.answer)
    made = await hearing.answer_difficulty(uow, difficulty_id, body.answer, expected, is_stated=body.holds_no_secret)
    return shown(made, response)


@router.post("/difficulties/{difficulty_id}/closing")
async def close_difficulty(difficulty_id: UUID, uow: Uow, expected: Expected, response: Response) -> DifficultyOut:
    """Close an answered difficulty."""
    return shown(await hearing.close_difficulty(uow, difficulty_id, expected), response)


@router.get("/difficulties/{difficulty_id}/history")
async def list_difficulty_past(
    difficulty_id: UUID, session: Reading, caller: Calling, portion: Asked
) -> Listing[ActOut]:
    """List what was changed of a difficulty, newest first: who, when, how it was before and after."""
    await hearing.visible_difficulty(session, difficulty_id, caller)
    return await history_of(session, portion, difficulty_id)


def demand_sayable(body: ComplaintIn, here: Context) -> None:
    """Let a text through that its writer says holds no secret. Raises SecretMarked, SecrecyUnstated."""
    demand_open(is_stated=body.holds_no_secret, secrets_allowed=here.secrets_allowed, text=body.text, wish=body.wish)


def shown(row: Difficulty, response: Response) -> DifficultyOut:
    """Show a difficulty with its version."""
    tag(response, row.version)
    return DifficultyOut.model_validate(row)
