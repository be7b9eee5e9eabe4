"""Tables of the reporting database: what was heard, and projections that can be made anew from it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.clock import now
from shared.columns import UtcDateTime
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)


class HeardEvent(Table, table=True):
    """An event as it came; never changed. `position` is the order of hearing."""

    __tablename__ = "heard_event"

    position: int | None = Field(default=None, primary_key=True)
    id: UUID = Field(unique=True)
    name: str
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    body: str = Field(sa_type=Text)


class LedgerDossier(Table, table=True):
    """A dossier's line: what each service said of it. Page counts that can be counted are not kept here.

    `withdrawal` is why approvals up to `withdrawn_version` hold no more.
    """

    __tablename__ = "ledger_dossier"
    __table_args__ = (Index("ix_ledger_dossier_fonds", "fonds_code", "dossier_id"),)

    dossier_id: UUID = Field(primary_key=True)
    fonds_code: str = ""
    fonds_title: str = Field(default="", sa_type=Text)
    file_code: str = ""
    title: str = Field(default="", sa_type=Text)
    year: int | None = None
    approved_version: int = 0
    withdrawn_version: int = 0
    withdrawal: str = Field(default="", sa_type=Text)
    expected_count: int = 0
    closing: str | None = Field(default=None, sa_type=Text)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_count: int | None = None
    reserved_count: int = 0
    rejected: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    set_aside: str | None = Field(default=None, sa_type=Text)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    preserved_count: int | None = None
    verified_copies: int = 0
    preserved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_withdrawn(self) -> bool:
        """Say whether no list holds it any more."""
        return self.withdrawn_version >= max(self.approved_version, 1)


class LedgerPage(Table, table=True):
    """A page's newest version: when it was scanned, and for how many A4 pages it counts once it was checked."""

    __tablename__ = "ledger_page"
    __table_args__ = (
        Index("ix_ledger_page_dossier", "dossier_id", "number"),
        Index("ix_ledger_page_day", "scanned_on"),
    )

    page_id: UUID = Field(primary_key=True)
    dossier_id: UUID
    number: int
    version: int = 0
    scanned_on: date | None = None
    station: str = ""
    size: int = Field(default=0, sa_type=BigInteger)
    checked_version: int = 0
    judgement: str | None = None
    a4_equivalents: int = 1
    is_rejected: bool = False


class LedgerPackage(Table, table=True):
    """A package on its way to the receiver, and the receiver's answer; `explanation` is why none takes its place."""

    __tablename__ = "ledger_package"

    package_id: UUID = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    page_count: int
    offered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str | None = None
    reasons: list[str] = Field(default_factory=list, sa_type=JSON)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    explanation: str = Field(default="", sa_type=Text)


class Target(Table, table=True):
    """A year's target where it differs from the shipped plan."""

    year: int = Field(primary_key=True)
    a4_pages: int
    reason: str = Field(sa_type=Text)
    set_by: str
    set_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ReportedDifficulty(Table, table=True):
    """A difficulty as the catalog last told it, with the agency it is of (none for the centre's own)."""

    __tablename__ = "reported_difficulty"
    __table_args__ = (Index("ix_reported_difficulty_year", "year", "difficulty_id"),)

    difficulty_id: UUID = Field(primary_key=True)
    version: int = 0
    year: int
    agency_id: UUID | None = None
    agency_name: str = Field(default="", sa_type=Text)
    agency_code: str = ""
    kind: str
    kind_vi: str
    kind_en: str
    text: str = Field(sa_type=Text)
    wish: str = Field(default="", sa_type=Text)
    state: str
    raised_by: str
    raised_at: datetime = Field(sa_type=UtcDateTime)
    answer: str = Field(default="", sa_type=Text)
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReportedTransfer(Table, table=True):
    """What an agency has to transfer, or has transferred, as the catalog last told it; lengths in centimetres.

    `arrangements` are the centimetres arranged by a day, oldest first.
    """

    __tablename__ = "reported_transfer"

    transfer_id: UUID = Field(primary_key=True)
    version: int = 0
    agency_id: UUID
    agency_name: str = Field(default="", sa_type=Text)
    agency_code: str = ""
    state: str
    planned_year: int
    registered_on: date
    dossier_count: int
    shelf_cm: int
    arrangements: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    received_on: date | None = None
    received_dossier_count: int = 0
    received_shelf_cm: int = 0
