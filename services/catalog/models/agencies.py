"""Tables of agencies: their names and codes over time, what became of them, and who acts for them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Text
from sqlmodel import Field

from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Agency(Table, table=True):
    """A body that makes or keeps records; `ended_on` is the first day on which it was no more.

    The keys to other agencies are checked at the end of a transaction: a successor may be younger than its row.
    """

    __table_args__ = tuple(
        ForeignKeyConstraint(
            [name], ["agency.id"], name=f"fk_agency_{name}", deferrable=True, initially="DEFERRED"
        )
        for name in ("parent_id", "successor_id")
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    parent_id: UUID | None = None
    successor_id: UUID | None = Field(default=None, index=True)
    ended_on: date | None = None
    basis: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class AgencyName(Table, table=True):
    """What an agency was called from one day to another, both included; `folded` is what searching looks through."""

    __tablename__ = "agency_name"

    agency_id: UUID = Field(primary_key=True, foreign_key="agency.id")
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)


class AgencyCode(Table, table=True):
    """A code that agencies have or had, whatever its capitals; its row is held while it changes hands."""

    __tablename__ = "agency_code"

    key: str = Field(primary_key=True)


class AgencyCodeSpan(Table, table=True):
    """Which agency had a code from one day to another, both included."""

    __tablename__ = "agency_code_span"

    key: str = Field(primary_key=True, foreign_key="agency_code.key")
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None
    agency_id: UUID = Field(foreign_key="agency.id", index=True)
    code: str


class FondsAgencies(Table, table=True):
    """The agency whose records a fonds is, and the archive that keeps it."""

    __tablename__ = "fonds_agencies"

    fonds_id: UUID = Field(primary_key=True, foreign_key="fonds.id")
    version: int = 1
    creator_id: UUID | None = Field(default=None, foreign_key="agency.id", index=True)
    archive_id: UUID | None = Field(default=None, foreign_key="agency.id")


class AgencyAccount(Table, table=True):
    """An account and whether it may act for agencies, as identity last told of it."""

    __tablename__ = "agency_account"

    account_id: UUID = Field(primary_key=True)
    name: str
    may_act: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class AgencyAccess(Table, table=True):
    """An account that acts for an agency."""

    __tablename__ = "agency_access"

    agency_id: UUID = Field(primary_key=True, foreign_key="agency.id")
    account_id: UUID = Field(primary_key=True, index=True)


class Past(Table, table=True):
    """What an act changed: how something was until then and from then on (unknown of older acts); never changed."""

    subject_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    act: str
    content: dict[str, object] = Field(sa_type=JSON)
    after: dict[str, object] | None = Field(default=None, sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str
