"""Tables of the yearly lists of documents that need a reserve copy, their papers, and of what is copied already."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from services.catalog.domain.yearly import YearlyState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class ReserveCopy(Table, table=True):
    """A dossier that lies in both stores, as ingest told of it."""

    __tablename__ = "reserve_copy"

    dossier_id: UUID = Field(primary_key=True)
    verified_copies: int
    preserved_at: datetime = Field(sa_type=UtcDateTime)


class YearlyList(Table, table=True):
    """A list of the dossiers that need a reserve copy, of a fonds or (without one) of all, as they stood that year.

    `number` counts the frozen lists of a year; `rule` is the one it was made by, `confirmation` who confirmed that for
    the Centre; `left_out` counts what it does not name, by reason; `sha256` is of its lines in order.
    """

    __tablename__ = "yearly_list"
    __table_args__ = (
        UniqueConstraint("year", "number", name="uq_yearly_list_year_number"),
        ForeignKeyConstraint(
            ["replaces_id"], ["yearly_list.id"], name="fk_yearly_list_replaces_id", deferrable=True,
            initially="DEFERRED",
        ),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    year: int
    fonds_id: UUID | None = Field(default=None, foreign_key="fonds.id")
    number: int | None = None
    state: str = YearlyState.GATHERING
    replaces_id: UUID | None = None
    rule: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    confirmation: dict[str, str] | None = Field(default=None, sa_type=JSON)
    dossier_count: int = 0
    sheet_count: int = 0
    page_count: int = 0
    left_out: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    sha256: str = ""
    made_by: str
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    gathered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    frozen_by: str = ""
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_to: str = Field(default="", sa_type=Text)
    sent_on: date | None = None
    letter_number: str = ""
    sent_by: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    discarded_by: str = ""
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    discard_reason: str = Field(default="", sa_type=Text)


class RuleConfirmation(Table, table=True):
    """That a rule of the yearly list, by its digest, is what the Centre wants: who said so, when, and on what basis."""

    __tablename__ = "rule_confirmation"

    sha256: str = Field(primary_key=True)
    name: str
    rule_version: int
    basis: str = Field(sa_type=Text)
    confirmed_by: str
    confirmed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class YearlyPaper(Table, table=True):
    """A paper of a yearly list, as a draft or once frozen: each form of each is made once, and can be made again."""

    __tablename__ = "yearly_paper"
    __table_args__ = (UniqueConstraint("list_id", "form", "is_draft", name="uq_yearly_paper_list_form"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    list_id: UUID = Field(foreign_key="yearly_list.id")
    form: str
    is_draft: bool
    byte_count: int = 0
    sha256: str = ""
    ordered_by: str
    ordered_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class YearlyPaperPortion(Table, table=True):
    """Some bytes of a paper, in order."""

    __tablename__ = "yearly_paper_portion"

    paper_id: UUID = Field(primary_key=True, foreign_key="yearly_paper.id")
    place: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class YearlyLine(Table, table=True):
    """A dossier on a yearly list as it stood when that was made; `sha256` is of all it says but its number."""

    __tablename__ = "yearly_line"
    __table_args__ = (Index("uq_yearly_line_number", "list_id", "number", unique=True),)

    list_id: UUID = Field(primary_key=True, foreign_key="yearly_list.id")
    dossier_id: UUID = Field(primary_key=True)
    number: int
    fonds_code: str
    fonds_title: str = Field(sa_type=Text)
    file_code: str
    title: str = Field(sa_type=Text)
    retention: str
    access_level: str
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    starts_on: str | None = None
    ends_on: str | None = None
    document_count: int | None = None
    sheet_count: int | None = None
    page_count: int
    physical_condition: str | None = None
    criteria: list[str] = Field(default_factory=list, sa_type=JSON)
    note: str = Field(default="", sa_type=Text)
    sha256: str
