"""Tables of the ingest database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)


class ScanOrder(Table, table=True):
    """A dossier that may be scanned because an approved list holds it; `approval` is the event as it came.

    `released_at` is when its sealed masters left the incoming store. Approvals up to `withdrawn_version` hold no more;
    `withdrawn_from` is the state that it was stopped in, `acceptance` an inspector's word that came while it waited.
    `later_version` came when what is sealed was frozen already, and no package says yet what it says: it is one of the
    dossier's revisions. One of which only the withdrawal was heard has version 0.
    """

    __tablename__ = "scan_order"
    __table_args__ = (Index("ix_scan_order_state", "state", "dossier_id"),)

    dossier_id: UUID = Field(primary_key=True)
    version: int
    fonds_id: UUID = Field(index=True)
    fonds_code: str
    file_code: str = Field(index=True)
    folder_name: str = Field(index=True)
    title: str = Field(sa_type=Text)
    expected_count: int
    approval: str = Field(sa_type=Text)
    state: str = DossierState.OPEN
    scanned_count: int | None = None
    explanation: str = Field(default="", sa_type=Text)
    documents: str = Field(default="[]", sa_type=Text)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    preserved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_version: int = 0
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawal_reason: str = Field(default="", sa_type=Text)
    withdrawn_from: str | None = None
    acceptance: str = Field(default="", sa_type=Text)
    later_version: int | None = None

    @property
    def approved_version(self) -> int:
        """Give the newest version that was approved, whether or not it will be sealed."""
        return max(self.version, self.later_version or 0)

    @property
    def is_withdrawn(self) -> bool:
        """Say whether no list holds it any more."""
        return self.withdrawn_version >= self.approved_version


class Page(Table, table=True):
    """One side of a sheet, with its newest version."""

    __table_args__ = (UniqueConstraint("dossier_id", "number", name="uq_page_dossier_number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: UUID = Field(foreign_key="scan_order.dossier_id")
    number: int
    version: int = 1


class ScanSetup(Table, table=True):
    """With what and by whom a station scans, as it says: one row for all the pages that were scanned so."""

    __tablename__ = "scan_setup"

    id: UUID = Field(primary_key=True)
    make: str = ""
    model: str = ""
    serial: str = ""
    software: str = ""
    operator: str = ""


class Master(Table, table=True):
    """A version of a page as the station sent it; never changed, never removed by a newer one.

    `mib_crc32` holds a big-endian CRC-32 per MiB, `scanned_at` and `scan_setup_id` what the station said, if it did.
    """

    __table_args__ = (UniqueConstraint("page_id", "version", name="uq_master_page_version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    page_id: UUID = Field(foreign_key="page.id")
    version: int
    key: str = Field(index=True)
    sha256: str
    size: int = Field(sa_type=BigInteger)
    crc32: int = Field(sa_type=BigInteger)
    mib_crc32: bytes = Field(sa_type=LargeBinary)
    media_type: str
    file_name: str = ""
    station: str
    stored_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    rescan_order_id: UUID | None = None
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    scan_setup_id: UUID | None = None


class PageCheck(Table, table=True):
    """What qc's machine came to (JSON: each check with its outcome, codes of findings), until the package tells it."""

    __tablename__ = "page_check"

    page_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    profile: str
    judgement: str
    checks: str = Field(default="[]", sa_type=Text)
    findings: str = Field(default="[]", sa_type=Text)
    a4_equivalents: int
    program: str = ""
    checked_at: datetime = Field(sa_type=UtcDateTime)


class PageVerdict(Table, table=True):
    """What an inspector said of a version of a page, or took back (`undoes`); kept as long as a PageCheck."""

    __tablename__ = "page_verdict"

    id: UUID = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    page_id: UUID
    page_version: int
    verdict: str = ""
    reason: str = ""
    explanation: str = Field(default="", sa_type=Text)
    is_bulk: bool = False
    undoes: UUID | None = None
    inspector: str
    given_at: datetime = Field(sa_type=UtcDateTime)


class RescanOrder(Table, table=True):
    """An inspector's order to scan one page again; fulfilled by the version it brought, or withdrawn."""

    __tablename__ = "rescan_order"
    __table_args__ = (Index("ix_rescan_order_open", "fulfilled_version", "dossier_id"),)

    id: UUID = Field(primary_key=True)
    page_id: UUID = Field(index=True)
    dossier_id: UUID = Field(index=True)
    page_number: int
    page_version: int
    reason: str = Field(sa_type=Text)
    ordered_at: datetime = Field(sa_type=UtcDateTime)
    fulfilled_version: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Sealing(Table, table=True):
    """What is frozen about a sealing, so that a sealing that was killed resumes to the same bytes.

    `masters_sha256` comes when every generated file of the masters package is drafted in the incoming store: it is of
    the list that names them all, and `a4_equivalents`, unless a page's check is missing. `manifest_sha256` comes when
    the AIP is drafted too.
    """

    dossier_id: UUID = Field(primary_key=True, foreign_key="scan_order.dossier_id")
    masters_objid: str = Field(unique=True)
    aip_objid: str = Field(unique=True)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    software_version: str
    acceptance: str = Field(sa_type=Text)
    masters_sha256: str | None = None
    manifest_sha256: str | None = None
    a4_equivalents: int | None = None


class Reading(Table, table=True):
    """The reading form of one document, from its order until it is drafted, proved and signed.

    `is_plain` says that the first way to make it failed: images are compressed anew and there is no text. `failure`
    says that the second failed too: the dossier is sealed without it. `unread_pages` tells as JSON the pages without
    text and why, `guessed_pages` those whose size on paper is no more than likely, `proofs` what its checker said.
    """

    __table_args__ = (UniqueConstraint("dossier_id", "document", name="uq_reading_dossier_document"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: UUID = Field(foreign_key="scan_order.dossier_id")
    document: int
    title: str = Field(sa_type=Text)
    first_page: int
    last_page: int
    page_count: int
    ordered_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    is_plain: bool = False
    failure: str | None = Field(default=None, sa_type=Text)
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    key: str | None = None
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    crc32: int | None = Field(default=None, sa_type=BigInteger)
    mib_crc32: bytes = Field(default=b"", sa_type=LargeBinary)
    unread_pages: str = Field(default="[]", sa_type=Text)
    guessed_pages: str = Field(default="[]", sa_type=Text)
    proofs: str = Field(default="[]", sa_type=Text)
    read_by: str | None = None
    signed_by: str | None = Field(default=None, sa_type=Text)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PageReading(Table, table=True):
    """What a reader found on a version of a page, or why it found nothing (`fault`); never read again.

    The words are kept until they are in the reading form.
    """

    __tablename__ = "page_reading"

    master_id: UUID = Field(primary_key=True, foreign_key="master.id")
    reading_id: UUID = Field(foreign_key="reading.id", index=True)
    page_number: int
    text: bytes | None = Field(default=None, sa_type=LargeBinary)
    fault: str | None = None
    detail: str = Field(default="", sa_type=Text)
    read_by: str | None = None
    read_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Copy(Table, table=True):
    """A copy of a package in one store, when all of it was last found right, and when it was last looked at."""

    objid: str = Field(primary_key=True)
    store: str = Field(primary_key=True)
    dossier_id: UUID = Field(index=True)
    file_count: int
    byte_count: int = Field(sa_type=BigInteger)
    verified_at: datetime = Field(sa_type=UtcDateTime)
    checked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    state: str = CopyState.WHOLE


class FixityCheck(Table, table=True):
    """A line of the fixity log: one copy was read back at a time, and this came of it; never changed.

    `findings` tells as JSON how many objects were found wrong in which way, and names the first of them.
    """

    __tablename__ = "fixity_check"
    __table_args__ = (Index("ix_fixity_check_objid", "objid", "store"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: UUID = Field(index=True)
    objid: str
    store: str
    checked_at: datetime = Field(sa_type=UtcDateTime)
    object_count: int
    byte_count: int = Field(sa_type=BigInteger)
    outcome: str
    findings: str = Field(default="{}", sa_type=Text)


class ReceiptKey(Table, table=True):
    """The key that signs page receipts (a private JWK)."""

    __tablename__ = "receipt_key"

    id: str = Field(primary_key=True)
    jwk: str = Field(sa_type=Text)
