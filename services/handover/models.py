"""Tables of the handover database."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.handover.domain.agreement import LARGEST_PART, AgreementState, Medium
from services.handover.domain.holding import Holding
from services.handover.domain.state import DeliveryState, PackageState, Seal
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)


class PreservedDossier(Table, table=True):
    """A dossier that lies in both stores; `package_id` is its place in a delivery, until that is rejected and
    to be replaced.

    `reading_count` is how many of its documents have a reading form, `a4_equivalents` how many A4 pages its pages count
    for, None where nobody told. `version` is of the approval by which its newest AIP was made, where it was revised:
    the next delivery takes that.
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
    a4_equivalents: int | None = None
    preserved_at: datetime = Field(sa_type=UtcDateTime)
    package_id: UUID | None = None
    version: int = 1
    revised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Quarantine(Table, table=True):
    """What was last heard of a preserved package being good in no store, or good again."""

    objid: str = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    is_quarantined: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class ListedDossier(Table, table=True):
    """A dossier's place on an approved list: what was approved of it up to `withdrawn_version` holds no more.

    It is known from its first approval on, or from its withdrawal where that was heard before, preserved or not.
    """

    __tablename__ = "listed_dossier"

    dossier_id: UUID = Field(primary_key=True)
    approved_version: int = 0
    withdrawn_version: int = 0
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=Text)


class Receiver(Table, table=True):
    """An account and whether it may receive packages, as identity last told of it."""

    account_id: UUID = Field(primary_key=True)
    name: str
    may_receive: bool
    heard_at: datetime = Field(sa_type=UtcDateTime)


class Agreement(Table, table=True):
    """What was agreed with a receiver before anything is handed over; `fonds_code` is of a fonds, work or collection.

    `receipt_key` is the receiver's public key (PEM): receipts are signed with it, and where there is none they need
    not be. The document of an agreement is kept beside it, since it may be large.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    receiver_id: UUID = Field(index=True)
    receiver_name: str
    fonds_code: str = Field(index=True)
    agreed_on: date
    reference: str
    note: str = Field(default="", sa_type=Text)
    state: str = AgreementState.DRAFT
    profile: str = "tt05-2025"
    with_masters: bool = False
    medium: str = Medium.PULL
    part_size: int = Field(default=LARGEST_PART, sa_type=BigInteger)
    starts_on: date | None = None
    ends_on: date | None = None
    receipt_key: str = Field(default="", sa_type=Text)
    document_name: str = ""
    document_size: int = 0
    document_sha256: str = ""
    made_by: list[str] = Field(default_factory=list, sa_type=JSON)
    approved_by: str = ""
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=Text)


class AgreementDocument(Table, table=True):
    """The paper that both sides signed, as it was attached."""

    __tablename__ = "agreement_document"

    agreement_id: UUID = Field(primary_key=True, foreign_key="agreement.id")
    content: bytes = Field(sa_type=LargeBinary)


class Delivery(Table, table=True):
    """One handing over of dossiers of one fonds; `number` counts the deliveries of the fonds, `packer` made it.

    `manifest_sha256` is of its frozen manifest; `signature` is the CMS over that, None where no certificate is set.
    `giving_up_reason` is why `giving_up_by` wants it given up, though it is open; who agreed is in `given_up_by`.
    """

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
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    manifest_sha256: str | None = None
    manifest_size: int | None = Field(default=None, sa_type=BigInteger)
    seal: str = Seal.UNSIGNED
    signer: str = Field(default="", sa_type=Text)
    signature: bytes | None = Field(default=None, sa_type=LargeBinary)
    giving_up_reason: str = Field(default="", sa_type=Text)
    giving_up_by: UUID | None = None
    given_up_by: str = ""
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ManifestPortion(Table, table=True):
    """A piece of the frozen manifest of a delivery; all of them in order are the whole."""

    __tablename__ = "manifest_portion"

    delivery_id: UUID = Field(primary_key=True, foreign_key="delivery.id")
    place: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class DeliveryPart(Table, table=True):
    """A numbered part of a delivery: packages that together are no larger than was agreed.

    Its pages are those of its dossiers, not once more those of masters that go along.
    """

    __tablename__ = "delivery_part"

    delivery_id: UUID = Field(primary_key=True, foreign_key="delivery.id")
    number: int = Field(primary_key=True)
    package_count: int
    page_count: int
    byte_count: int = Field(sa_type=BigInteger)


class WrittenMedium(Table, table=True):
    """A disk or tape that parts of a delivery were written onto; its id, which is on it too, is from whoever wrote it.

    `inventory_sha256` is of the list of digests on it, in which every other file of it stands. `left_out` names the
    packages of its parts that were kept back when it was written: they are not on it, and not counted.
    """

    __tablename__ = "written_medium"

    id: UUID = Field(primary_key=True)
    delivery_id: UUID = Field(index=True, foreign_key="delivery.id")
    label: str = Field(sa_type=Text)
    serial: str = Field(default="", sa_type=Text)
    parts: list[int] = Field(default_factory=list, sa_type=JSON)
    left_out: list[str] = Field(default_factory=list, sa_type=JSON)
    package_count: int
    byte_count: int = Field(sa_type=BigInteger)
    inventory_sha256: str
    written_by: str
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Package(Table, table=True):
    """One dossier's SIP: a ZIP that exists as a layout only. `size` is known once laid out, `sha256` once built.

    `number` is its place in the delivery, `file_name` known when it is built, the `part` it lies in when all are.
    `sibling_of` is the package beside which this one brings the masters. `document_count` and `fonds_title` are what
    the dossier's record says; `predecessor` is the OBJID of the package it follows on, which was rejected, tells an
    older description, or came with one that did; `reason` says why it was withdrawn. Nobody takes it away before
    `restorable_until`. What its dossier was when it was gathered stays so, whatever is corrected since. `layout` is
    there only while a package that was laid out by an older version has not been carried over.
    """

    __table_args__ = (UniqueConstraint("delivery_id", "number", name="uq_package_delivery_part"),)  # its first name

    id: UUID = Field(default_factory=new_id, primary_key=True)
    delivery_id: UUID = Field(foreign_key="delivery.id")
    dossier_id: UUID = Field(index=True)
    number: int
    part: int | None = None
    objid: str
    file_name: str = ""
    predecessor: str | None = None
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
    restorable_until: date | None = None
    reason: str = Field(default="", sa_type=Text)
    dossier_version: int = 1
    file_code: str = Field(default="", sa_type=Text)
    title: str = Field(default="", sa_type=Text)
    masters_objid: str = Field(default="", sa_type=Text)
    manifest_key: str = Field(default="", sa_type=Text)
    manifest_sha256: str = Field(default="", sa_type=Text)
    a4_equivalents: int | None = None


class PackageContent(Table, table=True):
    """A whole file that an older version generated for a package, until that is carried over."""

    __tablename__ = "package_content"

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    path: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class Receipt(Table, table=True):
    """The receiver's answer for a package; `signature` is its own JWS over that, empty where none was agreed.

    `entered_by` entered it out of a file; empty where the receiver answered itself.
    """

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    answer: str
    sha256: str
    reasons: str = Field(default="[]", sa_type=Text)
    receiver: str
    entered_by: str = ""
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    signature: str = Field(default="", sa_type=Text)


class Correction(Table, table=True):
    """What a rejection asks for: a package that replaces the rejected one, or an explanation why there is none."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    package_id: UUID = Field(foreign_key="package.id", unique=True)
    delivery_id: UUID = Field(index=True, foreign_key="delivery.id")
    dossier_id: UUID = Field(index=True)
    objid: str
    opened_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    successor_id: UUID | None = Field(default=None, index=True)
    explanation: str = Field(default="", sa_type=Text)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
