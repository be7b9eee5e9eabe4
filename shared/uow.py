"""The unit of work: one session, one transaction, and the events and audit rows that leave with it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.events.base import Event

if TYPE_CHECKING:
    from shared.plumbing import Plumbing


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done, and in the course of which request or event."""

    name: str
    account_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    correlation_id: str = ""


SYSTEM = Caller("system")


class UnitOfWork:
    """Commits rows, outgoing events and audit rows together, or none of them; opened by Database.writing."""

    def __init__(self, session: AsyncSession, plumbing: "Plumbing", caller: Caller) -> None:
        self.session = session
        self.caller = caller
        self.has_published = False
        self.has_enqueued = False
        self.plumbing = plumbing

    def publish(self, event: Event) -> None:
        """Queue an event; it leaves only if this transaction commits."""
        stamped = event.model_copy(update={"actor": self.caller.name, "correlation_id": self.caller.correlation_id})
        self.session.add(self.plumbing.outbox.of(stamped))
        self.has_published = True

    def record(self, act: str, subject: UUID | None, **facts: object) -> None:
        """Write the audit row of an act: who, what, on what, in the same transaction."""
        self.session.add(self.plumbing.audit.of(self.caller, act, subject, facts))

    async def enqueue(self, kind: str, subject: UUID) -> None:
        """Order a piece of long work; the same work on the same subject is one job, however often it is ordered."""
        job = self.plumbing.job
        known = await self.session.exec(select(job.id).where(job.kind == kind, job.subject_id == subject))
        if known.first() is None:
            self.session.add(job(kind=kind, subject_id=subject))
            self.has_enqueued = True
