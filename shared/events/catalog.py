"""Events published by the catalog."""

from datetime import date, datetime
from typing import ClassVar

from shared.events.base import Event, Fact
from shared.ids import AgencyId, DifficultyId, DossierId, FondsId, SelectionListId, TransferId


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
    """The 18 fields of a dossier in Circular 05/2025/TT-BNV; dates are ISO 8601, cut where unknown (1954, 1954-03).

    Beyond the circular: `kind` (text, map, drawing or mixed), `carrier`, `conditions`, and sheets and pages by paper
    size (A0 to A5, other), as far as they were told.
    """

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
    kind: str | None = None
    carrier: str | None = None
    conditions: tuple[str, ...] = ()
    sheet_sizes: dict[str, int] = {}  # noqa: RUF012 - pydantic copies it
    page_sizes: dict[str, int] = {}  # noqa: RUF012 - pydantic copies it


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


class AgencyDescription(Fact):
    """An agency by the name and the code it had when the event happened."""

    id: AgencyId
    name: str
    code: str = ""


class DifficultyDescription(Fact):
    """A difficulty as it stands: `agency` is None for the centre's own, `year` is whose report tells it."""

    agency: AgencyDescription | None = None
    year: int
    kind: str
    kind_vi: str
    kind_en: str
    text: str
    wish: str = ""
    state: str
    raised_by: str
    raised_at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    closed_by: str = ""
    closed_at: datetime | None = None


class DifficultyRaised(Event):
    """An agency or the centre's own people say what stands in the way."""

    name: ClassVar[str] = "catalog.difficulty.raised.v1"
    subject: ClassVar[str] = "difficulty_id"

    difficulty_id: DifficultyId
    difficulty: DifficultyDescription


class DifficultyChanged(Event):
    """A difficulty is told otherwise; nobody had answered it."""

    name: ClassVar[str] = "catalog.difficulty.changed.v1"
    subject: ClassVar[str] = "difficulty_id"

    difficulty_id: DifficultyId
    difficulty: DifficultyDescription


class DifficultyAnswered(Event):
    """The centre answered a difficulty, or answered it better."""

    name: ClassVar[str] = "catalog.difficulty.answered.v1"
    subject: ClassVar[str] = "difficulty_id"

    difficulty_id: DifficultyId
    difficulty: DifficultyDescription


class DifficultyClosed(Event):
    """An answered difficulty is closed."""

    name: ClassVar[str] = "catalog.difficulty.closed.v1"
    subject: ClassVar[str] = "difficulty_id"

    difficulty_id: DifficultyId
    difficulty: DifficultyDescription


class ArrangementReport(Fact):
    """How many centimetres on the shelf were arranged by a day."""

    reported_on: date
    arranged_cm: int


class ReceivedTransfer(Fact):
    """What the minutes of a transfer say was received."""

    number: str
    signed_on: date
    dossier_count: int
    shelf_cm: int
    box_count: int


class TransferChanged(Event):
    """What an agency has to transfer, or has transferred, stands so from now on; the whole of it, whatever was done."""

    name: ClassVar[str] = "catalog.transfer.changed.v1"
    subject: ClassVar[str] = "transfer_id"

    transfer_id: TransferId
    agency: AgencyDescription
    title: str
    state: str
    planned_year: int
    registered_on: date
    dossier_count: int
    shelf_cm: int
    box_count: int
    arrangements: tuple[ArrangementReport, ...] = ()
    received: ReceivedTransfer | None = None


class DossierWithdrawn(Event):
    """A dossier was taken off its approved list: what was approved of it up to this version holds no more."""

    name: ClassVar[str] = "catalog.dossier.withdrawn.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    list_id: SelectionListId
    reason: str
