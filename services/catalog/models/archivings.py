"""Table of what was asked to be archived, which another person confirms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from services.catalog.domain.archiving import ArchivingState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Archiving(Table, table=True):
    """That a dossier, series or list was asked to be archived, by whom and why, and what became of that; stays."""

    __table_args__ = (Index("ix_archiving_subject", "kind", "subject_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject_id: UUID
    state: str = ArchivingState.ASKED
    reason: str = Field(sa_type=Text)
    asked_by: str
    asked_by_id: UUID
    asked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: str = ""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recovered_by: str = ""
    recovered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recovery_reason: str = Field(default="", sa_type=Text)
