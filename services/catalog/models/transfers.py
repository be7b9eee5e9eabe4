"""Tables of transfers from source agencies: what is still to come in, its arrangement, and the minutes it came with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from services.catalog.domain.transfer import TransferState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Transfer(Table, table=True):
    """Permanent dossiers that an agency has still to transfer, or has transferred; a year is the one it is planned for.

    Lengths on the shelf are whole centimetres, so that sums are exact. Who said that what is written holds no state
    secret, and when, stands with it; of rows from before that was asked nobody has.
    """

    __table_args__ = (Index("ix_transfer_agency_year", "agency_id", "planned_year"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    agency_id: UUID = Field(foreign_key="agency.id")
    fonds_id: UUID | None = Field(default=None, foreign_key="fonds.id", index=True)
    title: str = Field(sa_type=Text)
    starts_on: str | None = None
    ends_on: str | None = None
    dossier_count: int
    shelf_cm: int
    box_count: int
    planned_year: int = Field(index=True)
    note: str = Field(default="", sa_type=Text)
    state: str = TransferState.REGISTERED
    reason: str = Field(default="", sa_type=Text)
    registered_by: str
    registered_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    secrecy_by: str = ""
    secrecy_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Arrangement(Table, table=True):
    """How much of a transfer was arranged by a day."""

    transfer_id: UUID = Field(primary_key=True, foreign_key="transfer.id")
    reported_on: date = Field(primary_key=True)
    arranged_cm: int
    note: str = Field(default="", sa_type=Text)
    reported_by: str
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class TransferMinutes(Table, table=True):
    """The minutes of a transfer: what was really received, who gave it and who took it."""

    __tablename__ = "transfer_minutes"

    transfer_id: UUID = Field(primary_key=True, foreign_key="transfer.id")
    number: str
    signed_on: date = Field(index=True)
    given_by: str
    received_by: str
    dossier_count: int
    shelf_cm: int
    box_count: int
    explanation: str = Field(default="", sa_type=Text)
    document_name: str = ""
    document_size: int = 0
    document_sha256: str = ""
    written_by: str
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class MinutesDocument(Table, table=True):
    """The paper that both sides signed, as it was scanned and attached."""

    __tablename__ = "minutes_document"

    transfer_id: UUID = Field(primary_key=True, foreign_key="transfer.id")
    content: bytes = Field(sa_type=LargeBinary)
