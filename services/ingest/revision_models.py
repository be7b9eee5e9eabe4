"""The table of revisions: later AIPs of dossiers whose descriptions were approved anew after they were sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from services.ingest.domain.revision import RevisionState
from services.ingest.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Revision(Table, table=True):
    """An AIP to be made because a newer approval came when a dossier was frozen already; `approval` is that event.

    `begun_at`, `predecessor` (the AIP that it replaces), `documents` and `software_version` are frozen when it begins,
    `manifest_sha256` when all of it is drafted: killed anywhere it resumes to the same bytes. `refusal` says by code
    why none can be made.
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
