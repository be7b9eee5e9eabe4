"""The events given up on, and their replay."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from shared.auth.guard import guarded_router
from shared.edge import Reading, Tables, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.service import Itself
from shared.wire import Listing, Out

router = guarded_router()


class DeadLetterOut(Out):
    """One event that could not be handled, and why."""

    event_id: UUID
    name: str
    reason: str
    died_at: datetime
    replayed_at: datetime | None


@router.get("/dead-letters")
async def list_dead_letters(session: Reading, tables: Tables, portion: Asked) -> Listing[DeadLetterOut]:
    """List events that could not be handled, the newest event first."""
    dead = tables.dead_letter
    rows, more = await portion.of(session, select(dead), dead.event_id, is_newest_first=True)
    return Listing(items=[DeadLetterOut.model_validate(row) for row in rows], next=more)


@router.post("/dead-letters/{event_id}/replay")
async def replay_dead_letter(event_id: UUID, uow: Uow, service: Itself) -> DeadLetterOut:
    """Hand an event in again; should it fail again, it returns with the new reason."""
    row = await service.listener.raise_dead(event_id, uow)
    if row is None:
        raise NotFound("no dead letter has this id")
    return DeadLetterOut.model_validate(row)
