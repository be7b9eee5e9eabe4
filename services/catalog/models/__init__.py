"""Tables of the catalog database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from services.catalog.models.fonds import Fonds as Fonds
from services.catalog.models.fonds import Series as Series
from services.catalog.models.table import Table as Table
from services.catalog.models.table import plumbing as plumbing
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class Dossier(Table, table=True):
    """A dossier: the 18 fields of Circular 05/2025/TT-BNV and what choosing needs. `version` counts its changes.

    `list_id` is the one open or approved list that holds it. `code_key` is its file code, folded: no two of a fonds
    have the same, but for those that had it before that was seen to (`has_code_alike`). What a dossier is found by
    is in `DossierIndex`.
    """

    __table_args__ = (
        UniqueConstraint("fonds_id", "file_code", name="uq_dossier_fonds_file_code"),
        ForeignKeyConstraint(["fonds_id", "series_code"], ["series.fonds_id", "series.code"], name="fk_dossier_series"),
        Index("ix_dossier_fonds_id", "fonds_id", "id"),
        Index("ix_dossier_list_id", "list_id", "file_code"),
        Index("ix_dossier_code_key", "fonds_id", "code_key"),
        Index(
            "uq_dossier_code_key",
            "fonds_id",
            "code_key",
            unique=True,
            sqlite_where=text("NOT has_code_alike"),
            postgresql_where=text("NOT has_code_alike"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    fonds_id: UUID = Field(foreign_key="fonds.id")
    series_code: str | None = None
    file_code: str
    code_key: str
    has_code_alike: bool = False
    title: str = Field(sa_type=Text)
    retention: str = "01"
    access_level: str = "01"
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    starts_on: str | None = None
    ends_on: str | None = None
    keywords: str = ""
    document_count: int | None = None
    sheet_count: int | None = None
    page_count: int
    physical_condition: str | None = None
    information_sign: str = ""
    trust_level: str | None = None
    paper_file_code: str = ""
    reserve: bool = True
    note: str = Field(default="", sa_type=Text)
    is_arranged: bool = False
    secrecy: str = "none"
    kind: str | None = None
    carrier: str | None = None
    conditions: list[str] = Field(default_factory=list, sa_type=JSON)
    is_legible: bool = True
    sheet_sizes: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    page_sizes: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    box: str = ""
    shelf: str = ""
    arrangement_number: str = ""
    arrangement_on: str | None = None
    removed_sheet_count: int | None = None
    secrecy_by: str = ""
    secrecy_decision: str = ""
    list_id: UUID | None = Field(default=None, foreign_key="selection_list.id")
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DossierIndex(Table, table=True):
    """What a dossier is found by, in the order that dossiers are listed in: folded words, codes, years.

    The database keeps its own full-text index of it: SQLite the table `dossier_terms`, PostgreSQL a column `vector`.
    """

    __tablename__ = "dossier_index"
    __table_args__ = (
        Index("ix_dossier_index_first_year", "first_year"),
        Index("ix_dossier_index_last_year", "last_year"),
    )

    number: int | None = Field(default=None, primary_key=True)
    dossier_id: UUID = Field(foreign_key="dossier.id", unique=True)
    words: str = Field(sa_type=Text)
    codes: str = Field(sa_type=Text)
    first_year: int | None = None
    last_year: int | None = None


class Document(Table, table=True):
    """A document of a dossier, as the circular describes it, and the pages it is expected to fill."""

    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    number: int = Field(primary_key=True)
    title: str = Field(sa_type=Text)
    type_code: str | None = None
    issued_on: str | None = None
    first_page: int | None = None
    last_page: int | None = None
    code_number: str = ""
    code_notation: str = ""
    issuer: str = ""
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    access_level: str | None = None
    information_sign: str = ""
    keywords: str = ""
    trust_level: str | None = None
    autograph: str = Field(default="", sa_type=Text)
    physical_condition: str | None = None
    note: str = Field(default="", sa_type=Text)
    retention: str | None = None
    has_workflow: bool | None = None


class DossierPast(Table, table=True):
    """What an act changed of a dossier: how it was until then, in the version that the act ended; never changed.

    `content` holds only the parts that the act changed: description, criteria, documents.
    """

    __tablename__ = "dossier_past"

    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    version: int = Field(primary_key=True)
    act: str
    content: dict[str, object] = Field(sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    by: str


class CriterionMark(Table, table=True):
    """A criterion that a dossier meets, and the evidence for it."""

    __tablename__ = "criterion_mark"
    __table_args__ = (Index("ix_criterion_mark_criterion", "criterion", "dossier_id"),)

    dossier_id: UUID = Field(primary_key=True, foreign_key="dossier.id")
    criterion: str = Field(primary_key=True)
    evidence: str = Field(default="", sa_type=Text)
