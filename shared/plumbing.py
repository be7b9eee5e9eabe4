"""The tables that every service has beside its own: outbox, inbox, dead letters, jobs, audit, disabled accounts.

Each service's database gets its own copies, because a transaction reaches no further than one database.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from sqlalchemy import JSON, Index, MetaData, Text, text
from sqlmodel import Field, SQLModel

from shared.clock import now
from shared.columns import UtcDateTime
from shared.events.base import Event
from shared.ids import new_id
from shared.uow import Caller

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class OutboxColumns(SQLModel):
    """An event on its way out, written in the transaction that caused it; `position` is only a rough order."""

    position: int | None = Field(default=None, primary_key=True)
    id: UUID = Field(unique=True)
    name: str
    body: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @classmethod
    def of(cls, event: Event) -> Self:
        """Make the row of an event."""
        return cls(**cls.told(event))

    @staticmethod
    def told(event: Event) -> dict[str, Any]:
        """Give what the row of an event says."""
        return {"id": event.id, "name": event.name, "body": event.model_dump_json()}


class InboxColumns(SQLModel):
    """An event that was heard, recorded in the transaction of the reaction; a second delivery finds it here."""

    event_id: UUID = Field(primary_key=True)
    name: str
    handled_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class DeadLetterColumns(SQLModel):
    """An event that could not be handled, with the reason; `saoluu replay` hands it in again."""

    event_id: UUID = Field(primary_key=True)
    name: str
    body: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    died_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    replayed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditColumns(SQLModel):
    """An act: who did what to what, when, written in the transaction of the act and never changed."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    actor: str
    act: str
    subject_id: UUID | None = Field(default=None, index=True)
    correlation_id: str = ""
    facts: str = Field(default="{}", sa_type=Text)

    @classmethod
    def of(cls, caller: Caller, act: str, subject: UUID | None, facts: Mapping[str, object]) -> Self:
        """Make the row of an act."""
        return cls(**cls.told(caller, act, subject, facts))

    @staticmethod
    def told(caller: Caller, act: str, subject: UUID | None, facts: Mapping[str, object]) -> dict[str, Any]:
        """Give what the row of an act says."""
        return {
            "actor": caller.name,
            "act": act,
            "subject_id": subject,
            "correlation_id": caller.correlation_id,
            "facts": json.dumps(facts, default=str, ensure_ascii=False, sort_keys=True),
        }


class JobState(StrEnum):
    """pending → running → done | failed; a lease that ran out makes a running job claimable again."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobColumns(SQLModel):
    """A piece of long work: who may do it until when, how far it is, and how it ended."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject_id: UUID
    state: str = JobState.PENDING
    attempts: int = 0
    progress_done: int = 0
    progress_total: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    not_before: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease: UUID | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = Field(default=None, sa_type=Text)
    result: dict[str, object] | None = Field(default=None, sa_type=JSON)


class DisabledAccountColumns(SQLModel):
    """What this service has heard of an account being shut out or let in again."""

    account_id: UUID = Field(primary_key=True)
    is_disabled: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Plumbing:
    """The shared tables of one service's database."""

    metadata: MetaData
    outbox: type[OutboxColumns]
    inbox: type[InboxColumns]
    dead_letter: type[DeadLetterColumns]
    audit: type[AuditColumns]
    job: type[JobColumns]
    disabled_account: type[DisabledAccountColumns]

    @classmethod
    def under(cls, base: type[SQLModel]) -> Self:
        """Add the shared tables to a service's own table base."""
        base.metadata.naming_convention = NAMING

        def table(name: str, columns: type[Row]) -> type[Row]:
            made = types.new_class(name, (columns, base), {"table": True}, lambda body: body.update(
                {"__module__": base.__module__, "__doc__": columns.__doc__, "__tablename__": snake(name)}
            ))  # fmt: skip
            return cast("type[Row]", made)

        made = cls(
            metadata=base.metadata,
            outbox=table("Outbox", OutboxColumns),
            inbox=table("Inbox", InboxColumns),
            dead_letter=table("DeadLetter", DeadLetterColumns),
            audit=table("Audit", AuditColumns),
            job=table("Job", JobColumns),
            disabled_account=table("DisabledAccount", DisabledAccountColumns),
        )
        tables = base.metadata.tables
        unsent = text("sent_at IS NULL")
        Index("ix_outbox_unsent", tables["outbox"].c.position, sqlite_where=unsent, postgresql_where=unsent)
        Index("ix_job_open", tables["job"].c.kind, tables["job"].c.state, tables["job"].c.not_before)
        Index("uq_job_kind_subject", tables["job"].c.kind, tables["job"].c.subject_id, unique=True)
        return made


def snake(name: str) -> str:
    """Spell a class name as a table name."""
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")
