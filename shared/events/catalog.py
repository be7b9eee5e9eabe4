"""Events published by the catalog."""

from typing import ClassVar

from shared.events.base import Event, Fact
from shared.ids import DossierId, FondsId, SelectionListId


class FondsDescription(Fact):
    """The fonds, work or collection a dossier belongs to."""

    id: FondsId
    code: str
    title: str
    kind: str
    archive_code: str


class DocumentDescription(Fact):
    """One document of a dossier and the pages it is expected to fill, both ends included.

    The fields of a document in Circular 05/2025/TT-BNV, but for what follows from its dossier and its number; None or
    empty where the catalog does not know. `title` is its abstract, `code_number` and `code_notation` its number and
    sign (123 and QĐ-BNV), `issuer` who issued it.
    """

    number: int
    title: str
    first_page: int | None = None
    last_page: int | None = None
    type_code: str | None = None
    code_number: str = ""
    code_notation: str = ""
    issued_on: str | None = None
    issuer: str = ""
    retention: str | None = None
    access_level: str | None = None
    languages: tuple[str, ...] = ()
    information_sign: str = ""
    keywords: str = ""
    trust_level: str | None = None
    autograph: str = ""
    physical_condition: str | None = None
    has_workflow: bool | None = None
    note: str = ""


class DossierDescription(Fact):
    """The 18 fields of a dossier in Circular 05/2025/TT-BNV; dates are ISO 8601, cut where unknown (1954, 1954-03)."""

    file_code: str
    title: str
    retention: str
    access_level: str
    languages: tuple[str, ...] = ()
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
    note: str = ""


class DossierApproved(Event):
    """A whole dossier is on a list that another person approved: it may be scanned."""

    name: ClassVar[str] = "catalog.dossier.approved.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    list_id: SelectionListId
    list_sha256: str
    fonds: FondsDescription
    description: DossierDescription
    documents: tuple[DocumentDescription, ...] = ()
    criteria: tuple[str, ...]
    year: int


class DossierWithdrawn(Event):
    """A dossier was taken off its approved list: what was approved of it up to this version holds no more."""

    name: ClassVar[str] = "catalog.dossier.withdrawn.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    list_id: SelectionListId
    reason: str
