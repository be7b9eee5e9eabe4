"""The unit of work: one session, one transaction, and the events and audit rows that leave with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert
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
        self.session.add(self.plumbing.outbox.of(self._stamped(event)))
        self.has_published = True

    async def publish_all(self, events: Sequence[Event]) -> None:
        """Queue many events of one act in one statement: a row object for each would cost more than the event."""
        if events:
            rows = [self.plumbing.outbox.told(self._stamped(event)) for event in events]
            await self.session.exec(insert(self.plumbing.outbox), params=rows)
            self.has_published = True

    def _stamped(self, event: Event) -> Event:
        return event.model_copy(update={"actor": self.caller.name, "correlation_id": self.caller.correlation_id})

    def record(self, act: str, subject: UUID | None, **facts: object) -> None:
        """Write the audit row of an act: who, what, on what, in the same transaction."""
        self.session.add(self.plumbing.audit.of(self.caller, act, subject, facts))

    async def record_all(self, act: str, facts: Mapping[UUID, Mapping[str, object]]) -> None:
        """Write the audit rows of an act on many subjects, each with its facts, in one statement."""
        if facts:
            rows = [self.plumbing.audit.told(self.caller, act, subject, told) for subject, told in facts.items()]
            await self.session.exec(insert(self.plumbing.audit), params=rows)

    async def enqueue(self, kind: str, subject: UUID) -> None:
        """Order a piece of long work; the same work on the same subject is one job, however often it is ordered."""
        job = self.plumbing.job
        known = await self.session.exec(select(job.id).where(job.kind == kind, job.subject_id == subject))
        if known.first() is None:
            self.session.add(job(kind=kind, subject_id=subject))
            self.has_enqueued = True
