"""Tables of the qc database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.qc.domain.inspection import DossierState
from services.qc.domain.lot import LotState
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id
from shared.plumbing import Plumbing


class Table(SQLModel, registry=registry()):
    """Base of every table in this database; keeps its metadata apart from the other services."""


plumbing = Plumbing.under(Table)

# What waits for a person: an index is used only by whoever asks in its very words.
WAITING = "verdict IS NULL AND judgement IS NOT NULL AND (judgement <> 'pass' OR is_sampled)"

# What a person said of one page that was looked at by itself.
LOOKED_AT = "undoes IS NULL AND bulk IS NULL"


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Make an index over those rows only that a condition holds for."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class InspectedDossier(Table, table=True):
    """A dossier as qc knows it; `scanned_count` is known once it was closed, `seed` once its sample was drawn.

    `lot_id` is the newest lot it was put in, until that is withdrawn. Approvals up to `withdrawn_version` hold no more.
    """

    __tablename__ = "inspected_dossier"
    __table_args__ = (Index("ix_inspected_dossier_state", "state", "dossier_id"),)

    dossier_id: UUID = Field(primary_key=True)
    lot_id: UUID | None = Field(default=None, index=True)
    fonds_code: str = ""
    file_code: str = ""
    title: str = Field(default="", sa_type=Text)
    approved_version: int = 0
    withdrawn_version: int = 0
    kind: str | None = None
    expected_count: int | None = None
    scanned_count: int | None = None
    explanation: str = Field(default="", sa_type=Text)
    state: str = DossierState.SCANNING
    seed: int | None = Field(default=None, sa_type=BigInteger)
    concluded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    concluded_by: str = ""
    note: str = Field(default="", sa_type=Text)

    @property
    def is_withdrawn(self) -> bool:
        """Say whether no list holds it any more."""
        return self.withdrawn_version >= max(self.approved_version, 1)


class InspectedPage(Table, table=True):
    """The newest version of a page, how the machine judged it and what a person said of it.

    `judgement`, `findings` and `verdict` (with its `reason`, `note` and `verdict_id`) are of this very version: a newer
    version starts without them. `is_sampled` says that a person looks at it although the machine passed it: it was
    drawn, or scanned again. `lot_id` repeats its dossier's, so that a lot's queue, pages and counts need no join.
    `held_by` is the account that has the page on its desk. `is_compared` says that this version was compared with the
    other pages of its dossier.
    """

    __tablename__ = "inspected_page"
    __table_args__ = (
        Index("ix_inspected_page_dossier_number", "dossier_id", "number"),
        # in the order in which pages are handed out, with what a lot's pages are counted by
        Index("ix_inspected_page_lot", "lot_id", "dossier_id", "number", "verdict", "is_sampled", "judgement"),
        Index("ix_inspected_page_lot_page", "lot_id", "page_id"),
        partial_index("ix_inspected_page_waiting_dossier", "dossier_id", "number", where=WAITING),
        partial_index("ix_inspected_page_waiting_lot", "lot_id", "dossier_id", "number", where=WAITING),
        partial_index("ix_inspected_page_held", "held_by", where="held_by IS NOT NULL"),
    )

    page_id: UUID = Field(primary_key=True)
    dossier_id: UUID
    lot_id: UUID | None = None
    number: int
    version: int
    sha256: str
    is_readable: bool | None = None
    judgement: str | None = None
    findings: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    is_compared: bool = False
    verdict: str | None = None
    reason: str = ""
    note: str = Field(default="", sa_type=Text)
    verdict_id: UUID | None = None
    is_sampled: bool = False
    held_by: UUID | None = None
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PageCheck(Table, table=True):
    """One version of a page and what the machine measured of it."""

    __tablename__ = "page_check"
    __table_args__ = (
        UniqueConstraint("page_id", "version", name="uq_page_check_page_version"),
        Index("ix_page_check_profile_judgement", "profile", "judgement"),
    )

    id: UUID = Field(primary_key=True)
    page_id: UUID
    dossier_id: UUID
    number: int
    version: int
    key: str
    sha256: str
    size: int = Field(sa_type=BigInteger)
    media_type: str
    file_name: str = ""
    profile: str | None = None
    judgement: str | None = None
    findings: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    measures: dict[str, object] | None = Field(default=None, sa_type=JSON)
    has_images: bool = False
    seconds: float | None = None
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Lot(Table, table=True):
    """Dossiers that are inspected together by a plan.

    `terms` are what its maker chose, `plan` is what came of them when the sample was drawn with `seed`, `result` what
    the verdicts came to when it was decided. Lots of one `series` follow one another: earlier ones decide whether the
    next is inspected normally, tightened or reduced, the last and a series' resuming only by `leave`.
    """

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_state", "state", "id"),
        Index("ix_lot_series", "series", "decided_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    series: str
    state: str = LotState.GATHERING
    terms: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    plan: dict[str, object] | None = Field(default=None, sa_type=JSON)
    result: dict[str, object] | None = Field(default=None, sa_type=JSON)
    is_resubmitted: bool = False
    leave: str = ""
    leave_by: str = ""
    page_count: int
    seed: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    created_by: str
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    drawn_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str = ""
    note: str = Field(default="", sa_type=Text)


class LotDossier(Table, table=True):
    """A dossier of a lot; stays when the dossier goes on to a later lot."""

    __tablename__ = "lot_dossier"

    lot_id: UUID = Field(primary_key=True, foreign_key="lot.id")
    dossier_id: UUID = Field(primary_key=True, index=True)


class SampledPage(Table, table=True):
    """A page of a lot's sample as it was drawn: its place in the draw, and the version that counts.

    `said_before` are the verdicts on that version that were there at the draw: what counts is said after it.
    """

    __tablename__ = "sampled_page"

    lot_id: UUID = Field(primary_key=True, foreign_key="lot.id")
    place: int = Field(primary_key=True)
    page_id: UUID = Field(index=True)
    version: int
    said_before: list[str] = Field(default_factory=list, sa_type=JSON)


class GivenVerdict(Table, table=True):
    """What a person said of a version of a page, or that it is taken back (`undoes`); never changed, never deleted.

    `id` is the key that the inspector's client chose, so that a queue can be sent again; `bulk` is that of the act
    that accepted many pages at once.
    """

    __tablename__ = "given_verdict"
    __table_args__ = (
        Index("ix_given_verdict_dossier_at", "dossier_id", "at"),
        Index("ix_given_verdict_lot_at", "lot_id", "at"),
        partial_index("ix_given_verdict_bulk", "bulk", where="bulk IS NOT NULL"),
        partial_index("ix_given_verdict_looked_at", "id", where=LOOKED_AT),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    page_id: UUID = Field(index=True)
    dossier_id: UUID | None = None
    lot_id: UUID | None = None
    version: int
    sha256: str = ""
    verdict: str
    reason: str = ""
    note: str = Field(default="", sa_type=Text)
    undoes: UUID | None = None
    bulk: UUID | None = None
    account_id: UUID | None = None
    inspector: str
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RescanOrder(Table, table=True):
    """An order to scan a page again, with the reason in words for the station.

    Open until a newer version of the page is here, or until ingest has let go of one that was withdrawn.
    """

    __tablename__ = "rescan_order"
    __table_args__ = (partial_index("ix_rescan_order_open", "id", where="is_open"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    page_id: UUID = Field(index=True)
    dossier_id: UUID = Field(index=True)
    page_version: int
    verdict_id: UUID | None = Field(default=None, index=True)
    reason: str = Field(sa_type=Text)
    ordered_by: str
    ordered_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    is_open: bool = True
    fulfilled_version: int | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PageSeen(Table, table=True):
    """That an inspector has had a version of a page before the eyes: handed out, or its picture fetched."""

    __tablename__ = "page_seen"

    account_id: UUID = Field(primary_key=True)
    page_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)


class RefusedVerdict(Table, table=True):
    """That a verdict or an undoing was refused for what had happened before: sent again under its key, it still is.

    `content_sha256` is that of what it said. Kept as long as a client may send a queue again.
    """

    __tablename__ = "refused_verdict"

    key: UUID = Field(primary_key=True)
    account_id: UUID
    content_sha256: str
    code: str
    detail: str = Field(default="", sa_type=Text)
    facts: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class EmptyAcceptance(Table, table=True):
    """That many pages were to be accepted under a key when there were none: sent again, it accepts none either."""

    __tablename__ = "empty_acceptance"

    key: UUID = Field(primary_key=True)
    scope_id: UUID
    account_id: UUID
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ScopeLock(Table, table=True):
    """A dossier or a lot that one inspector works through alone, until the lock runs out or is given back."""

    __tablename__ = "scope_lock"

    scope_id: UUID = Field(primary_key=True)
    account_id: UUID
    inspector: str
    until: datetime = Field(sa_type=UtcDateTime)
