"""Tables of selection lists: what is on them, what was remarked, and the decisions that approved them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from services.catalog.domain.state import ListState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class SelectionList(Table, table=True):
    """A list of whole dossiers chosen for a reserve copy; `sha256` freezes what was submitted.

    `editors` are the accounts that made or changed the list, whatever they have done to its dossiers; `round` counts
    its submissions. `number` is its number within its fonds and year, given when it is approved; an amendment is the
    next `edition` under the same number, and `replaces_id` names the one before. The `decision_` fields tell the paper
    that approved it.
    """

    __tablename__ = "selection_list"
    __table_args__ = (
        Index("ix_selection_list_state", "state", "id"),
        Index("ix_selection_list_replaces_id", "replaces_id"),
        UniqueConstraint("fonds_id", "year", "number", "edition", name="uq_selection_list_number"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fonds_id: UUID = Field(foreign_key="fonds.id", index=True)
    name: str
    year: int
    state: str = ListState.DRAFT
    sha256: str | None = None
    created_by: UUID
    editors: list[str] = Field(default_factory=list, sa_type=JSON)
    submitted_by: UUID | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    round: int = 0
    appraiser_id: UUID | None = None
    appraised_by: str = ""
    appraised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opinion: str = Field(default="", sa_type=Text)
    number: int | None = None
    edition: int = 1
    replaces_id: UUID | None = Field(default=None, foreign_key="selection_list.id")
    amendment_reason: str = Field(default="", sa_type=Text)
    decision_number: str = ""
    decision_signed_on: date | None = None
    decision_signer: str = ""
    document_name: str = ""
    document_size: int = 0
    document_sha256: str = ""
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ListEntry(Table, table=True):
    """A dossier on an approved list as it was approved, under its number on that list; never changed.

    `facts` are everything that was approved, in the words that the list's digest is made of.
    """

    __tablename__ = "list_entry"
    __table_args__ = (UniqueConstraint("list_id", "dossier_id", name="uq_list_entry_dossier"),)

    list_id: UUID = Field(primary_key=True, foreign_key="selection_list.id")
    number: int = Field(primary_key=True)
    dossier_id: UUID = Field(foreign_key="dossier.id", index=True)
    version: int
    series_code: str | None = None
    file_code: str
    title: str = Field(sa_type=Text)
    sheet_count: int | None = None
    page_count: int
    page_sizes: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    facts: dict[str, Any] = Field(sa_type=JSON)


class ListRemark(Table, table=True):
    """What somebody remarked on a list, or on one dossier of it, when it was appraised or returned; never changed.

    `round` tells which submission it is about.
    """

    __tablename__ = "list_remark"
    __table_args__ = (Index("ix_list_remark_list_id", "list_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    list_id: UUID = Field(foreign_key="selection_list.id")
    round: int
    stage: str
    dossier_id: UUID | None = Field(default=None, foreign_key="dossier.id")
    remark: str = Field(sa_type=Text)
    by: str
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ListDocument(Table, table=True):
    """The scanned paper that approved a list; one that was attached before another stays."""

    __tablename__ = "list_document"

    list_id: UUID = Field(primary_key=True, foreign_key="selection_list.id")
    sha256: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
