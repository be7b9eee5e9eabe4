"""The table of own column layouts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class ColumnLayout(Table, table=True):
    """An own column layout; `name_key` is its name without regard to capitals, free again once it is withdrawn."""

    __tablename__ = "column_layout"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    name: str
    name_key: str | None = Field(unique=True)
    level: str
    columns: dict[str, str] = Field(sa_type=JSON)
    constants: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    heading_row: int = 1
    sheet: str = ""
    encoding: str = "recognise"
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
