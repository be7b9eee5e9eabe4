"""Tables of fonds and their series."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field

from services.catalog.domain.file_code import folded_code
from services.catalog.models.table import Table
from shared.columns import UtcDateTime
from shared.ids import new_id


def key_of_code(context: DefaultExecutionContext) -> str:
    """Fold the code of a row that is entered."""
    told = context.get_current_parameters()  # type: ignore[no-untyped-call] # as SQLAlchemy has it
    return folded_code(told["code"])


class Fonds(Table, table=True):
    """A fonds, work or collection (ISAD(G) 3.1). `version` counts its changes.

    `code_key` is its code, folded: no two have the same, but for those that had it before that was seen to
    (`has_code_alike`).
    """

    __table_args__ = (
        Index(
            "uq_fonds_code_key",
            "code_key",
            unique=True,
            sqlite_where=text("NOT has_code_alike"),
            postgresql_where=text("NOT has_code_alike"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    code: str = Field(unique=True)
    code_key: str = Field(default=None, nullable=False, sa_column_kwargs={"default": key_of_code})
    has_code_alike: bool = False
    title: str = Field(sa_type=Text)
    kind: str
    archive_code: str
    status: str | None = None
    history: str = Field(default="", sa_type=Text)
    starts_on: str | None = None
    ends_on: str | None = None
    arrangement: str = Field(default="", sa_type=Text)
    other_types: str = Field(default="", sa_type=Text)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    lookup_tools: str = Field(default="", sa_type=Text)
    reserve: bool | None = None
    note: str = Field(default="", sa_type=Text)


class Series(Table, table=True):
    """A group of dossiers inside a fonds. `version` counts its changes; its code is folded as that of a fonds."""

    __table_args__ = (
        UniqueConstraint("fonds_id", "code", name="uq_series_fonds_code"),
        Index(
            "uq_series_code_key",
            "fonds_id",
            "code_key",
            unique=True,
            sqlite_where=text("NOT has_code_alike"),
            postgresql_where=text("NOT has_code_alike"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    fonds_id: UUID = Field(foreign_key="fonds.id")
    code: str
    code_key: str = Field(default=None, nullable=False, sa_column_kwargs={"default": key_of_code})
    has_code_alike: bool = False
    title: str = Field(sa_type=Text)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
