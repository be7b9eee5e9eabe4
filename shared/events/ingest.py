"""Events published by ingest."""

from typing import ClassVar

from shared.events.base import Event
from shared.ids import DossierId, FondsId, PageId, RescanOrderId


class MasterStored(Event):
    """A version of a page is in the incoming store and its digest was verified while it was written."""

    name: ClassVar[str] = "ingest.master.stored.v1"
    subject: ClassVar[str] = "page_id"

    page_id: PageId
    dossier_id: DossierId
    page_number: int
    key: str
    sha256: str
    size: int
    media_type: str
    file_name: str = ""
    station: str
    rescan_order_id: RescanOrderId | None = None


class RescanClosed(Event):
    """Ingest has let go of a rescan order that was withdrawn: no page comes for it any more.

    `fulfilled_version` names the version that had come before the withdrawal was heard.
    """

    name: ClassVar[str] = "ingest.rescan.closed.v1"
    subject: ClassVar[str] = "rescan_order_id"

    rescan_order_id: RescanOrderId
    page_id: PageId
    dossier_id: DossierId
    fulfilled_version: int | None = None


class DossierScanned(Event):
    """The operator closed a dossier: every expected page was scanned, or the difference is explained."""

    name: ClassVar[str] = "ingest.dossier.scanned.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    expected_count: int
    scanned_count: int
    explanation: str = ""


class DossierPreserved(Event):
    """A sealed dossier lies in both stores and every byte of both copies was read back and verified.

    `reading_count` is how many of its documents have a reading form, `a4_equivalents` how many A4 pages its pages count
    for; None when that was not heard of every page.
    """

    name: ClassVar[str] = "ingest.dossier.preserved.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    fonds_id: FondsId
    fonds_code: str
    file_code: str
    title: str
    page_count: int
    byte_count: int
    masters_objid: str
    aip_objid: str
    manifest_key: str
    manifest_sha256: str
    verified_copies: int
    reading_count: int = 0
    a4_equivalents: int | None = None


class DossierRevised(Event):
    """A preserved dossier has a newer AIP, because its description was approved anew; its masters are the same.

    `version` is of the approval that it was made by, `predecessor` the OBJID of the AIP that it replaces, which stays.
    Both copies were read back and verified. The other fields are those of the preserved dossier, as they are now.
    """

    name: ClassVar[str] = "ingest.dossier.revised.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    fonds_id: FondsId
    fonds_code: str
    file_code: str
    title: str
    page_count: int
    byte_count: int
    masters_objid: str
    aip_objid: str
    predecessor: str
    manifest_key: str
    manifest_sha256: str
    verified_copies: int
    reading_count: int = 0
    a4_equivalents: int | None = None


class PackageQuarantined(Event):
    """Some objects of a preserved package are good in neither store: it must not be served."""

    name: ClassVar[str] = "ingest.package.quarantined.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    objid: str
    lost_count: int


class PackageRestored(Event):
    """A quarantined package was put right and both its copies were read back: it may be served again."""

    name: ClassVar[str] = "ingest.package.restored.v1"
    subject: ClassVar[str] = "dossier_id"

    dossier_id: DossierId
    objid: str
