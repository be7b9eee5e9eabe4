"""Tables of the handover database."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.handover.domain.holding import Holding
from services.handover.domain.state import DeliveryState, PackageState
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)


class PreservedDossier(Table, table=True):
    """A dossier that lies in both stores; `package_id` is its place in a delivery, until that is rejected.

    `reading_count` is how many of its documents have a reading form.
    """

    __tablename__ = "preserved_dossier"
    __table_args__ = (Index("ix_preserved_dossier_fonds", "fonds_code", "package_id"),)

    dossier_id: UUID = Field(primary_key=True)
    fonds_code: str
    file_code: str
    title: str = Field(sa_type=Text)
    page_count: int
    byte_count: int = Field(sa_type=BigInteger)
    masters_objid: str
    manifest_key: str
    manifest_sha256: str
    reading_count: int = 0
    preserved_at: datetime = Field(sa_type=UtcDateTime)
    package_id: UUID | None = None


class Quarantine(Table, table=True):
    """What was last heard of a preserved package being good in no store, or good again."""

    objid: str = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    is_quarantined: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class Receiver(Table, table=True):
    """An account and whether it may receive packages, as identity last told of it."""

    account_id: UUID = Field(primary_key=True)
    name: str
    may_receive: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class Agreement(Table, table=True):
    """What was agreed with a receiver before anything is handed over."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    receiver_id: UUID = Field(index=True)
    receiver_name: str
    fonds_code: str = Field(index=True)
    agreed_on: date
    reference: str
    note: str = Field(default="", sa_type=Text)


class Delivery(Table, table=True):
    """One handing over of dossiers of one fonds; `number` counts the deliveries of the fonds, `packer` made it."""

    __table_args__ = (UniqueConstraint("fonds_code", "number", name="uq_delivery_fonds_number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    agreement_id: UUID = Field(foreign_key="agreement.id")
    receiver_id: UUID = Field(index=True)
    fonds_code: str
    number: int
    state: str = DeliveryState.BUILDING
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    packer: str = ""
    reason: str = Field(default="", sa_type=Text)


class Package(Table, table=True):
    """One dossier's SIP: a ZIP that exists as a layout only. `sha256` and `size` are of the ZIP, known once built.

    `sibling_of` is the package beside which this one brings the masters. `document_count` and `fonds_title` are what
    the dossier's record says; `reason` says why it was withdrawn.
    """

    __table_args__ = (UniqueConstraint("delivery_id", "part", name="uq_package_delivery_part"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    delivery_id: UUID = Field(foreign_key="delivery.id")
    dossier_id: UUID = Field(index=True)
    part: int
    objid: str
    holds: str = Holding.MASTERS
    sibling_of: UUID | None = None
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    state: str = PackageState.WAITING
    page_count: int
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    layout: str | None = Field(default=None, sa_type=Text)
    document_count: int | None = None
    fonds_title: str | None = Field(default=None, sa_type=Text)
    reason: str = Field(default="", sa_type=Text)


class PackageContent(Table, table=True):
    """A file that was generated for a package: METS and description."""

    __tablename__ = "package_content"

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    path: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class Receipt(Table, table=True):
    """The receiver's answer for a package."""

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    answer: str
    sha256: str
    reasons: str = Field(default="[]", sa_type=Text)
    receiver: str
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
