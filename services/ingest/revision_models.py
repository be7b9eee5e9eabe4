"""Tables of revisions: later AIPs of dossiers that were approved anew, and the reading forms made for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from services.ingest.domain.revision import RevisionState
from services.ingest.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Revision(Table, table=True):
    """An AIP to be made because a newer approval came when a dossier was frozen already; `approval` is that event.

    `begun_at`, `predecessor` (the AIP that it replaces), `documents` and `software_version` are frozen when it begins,
    `manifest_sha256` when all of it is drafted: killed anywhere it resumes to the same bytes. Where reading forms are
    made for it, `begun_at` moves on with each: its packing begins after the last one. `refusal` says by code why none
    can be made.
    """

    __table_args__ = (UniqueConstraint("dossier_id", "version", name="uq_revision_dossier_version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    dossier_id: UUID = Field(foreign_key="scan_order.dossier_id")
    version: int
    approval: str = Field(sa_type=Text)
    aip_objid: str = Field(unique=True)
    ordered_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    state: str = Field(default=RevisionState.ORDERED, index=True)
    refusal: str = ""
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    predecessor: str | None = None
    documents: str = Field(default="[]", sa_type=Text)
    software_version: str = ""
    manifest_sha256: str | None = None
    preserved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RenewedForm(Table, table=True):
    """A reading form made anew for a revision: drafted, proved, signed where the agency has a certificate.

    `drawn_from` tells as JSON of which older forms (document, digest, numbers of the pages) it was put together,
    `is_divided` that none of them had exactly its pages. The rest is as in Reading.
    """

    __tablename__ = "renewed_form"
    __table_args__ = (UniqueConstraint("revision_id", "document", name="uq_renewed_form_revision_document"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    document: int
    page_count: int
    drawn_from: str = Field(sa_type=Text)
    is_divided: bool
    made_at: datetime = Field(sa_type=UtcDateTime)
    key: str
    size: int = Field(sa_type=BigInteger)
    sha256: str
    crc32: int = Field(sa_type=BigInteger)
    mib_crc32: bytes = Field(sa_type=LargeBinary)
    unread_pages: str = Field(default="[]", sa_type=Text)
    proofs: str = Field(sa_type=Text)
    read_by: str | None = None
    signed_by: str | None = Field(default=None, sa_type=Text)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
