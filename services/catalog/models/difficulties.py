"""The table of difficulties that agencies or the centre's own people send in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from services.catalog.domain.difficulty import DifficultyState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Difficulty(Table, table=True):
    """What stands in the way, of an agency or (without one) of the centre itself; `year` is whose report tells it.

    Who said that a text, or its answer, holds no state secret, and when, stands with it; of rows from before that was
    asked nobody has.
    """

    __table_args__ = (Index("ix_difficulty_year", "year", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    agency_id: UUID | None = Field(default=None, foreign_key="agency.id", index=True)
    year: int
    kind: str
    text: str = Field(sa_type=Text)
    wish: str = Field(default="", sa_type=Text)
    state: str = DifficultyState.RAISED
    raised_by: str
    raised_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    answer: str = Field(default="", sa_type=Text)
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str = ""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    secrecy_by: str = ""
    secrecy_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_secrecy_by: str = ""
    answer_secrecy_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
