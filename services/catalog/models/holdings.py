"""The past of fonds and series."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime


class HoldingPast(Table, table=True):
    """What an act changed of a fonds or a series: how it was in the version that the act ended, and from then on.

    Apart from `Past`, where the same fonds has the past of its agencies; never changed.
    """

    __tablename__ = "holding_past"

    subject_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    act: str
    content: dict[str, object] = Field(sa_type=JSON)
    after: dict[str, object] = Field(sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str
