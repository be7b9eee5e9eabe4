"""The reading of acts: who did what to what."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from shared.auth.guard import guarded_router
from shared.edge import Reading, Tables
from shared.paging import Asked
from shared.wire import Listing, Out

router = guarded_router()


class AuditOut(Out):
    """One act: who did what to what."""

    id: UUID
    at: datetime
    actor: str
    act: str
    subject_id: UUID | None
    correlation_id: str
    facts: str


@router.get("/audit")
async def list_audit(
    session: Reading, tables: Tables, portion: Asked, subject_id: UUID | None = None
) -> Listing[AuditOut]:
    """List acts, newest first."""
    asked = select(tables.audit)
    if subject_id:
        asked = asked.where(tables.audit.subject_id == subject_id)
    rows, more = await portion.of(session, asked, tables.audit.id, is_newest_first=True)
    return Listing(items=[AuditOut.model_validate(row) for row in rows], next=more)
