"""Events published by handover."""

from typing import ClassVar, Literal

from shared.events.base import Event
from shared.ids import DeliveryId, DossierId, PackageId


class PackageOffered(Event):
    """A package of an open delivery can be pulled by its receiver."""

    name: ClassVar[str] = "handover.package.offered.v1"
    subject: ClassVar[str] = "package_id"

    package_id: PackageId
    delivery_id: DeliveryId
    dossier_id: DossierId
    page_count: int
    byte_count: int
    sha256: str


class PackageReceived(Event):
    """The receiver answered for a package: accepted, or rejected with reasons."""

    name: ClassVar[str] = "handover.package.received.v1"
    subject: ClassVar[str] = "package_id"

    package_id: PackageId
    delivery_id: DeliveryId
    dossier_id: DossierId
    page_count: int
    answer: Literal["accepted", "rejected"]
    reasons: tuple[str, ...] = ()


class PackageExplained(Event):
    """No package takes the place of this one, which the receiver did not accept; the explanation says why."""

    name: ClassVar[str] = "handover.package.explained.v1"
    subject: ClassVar[str] = "package_id"

    package_id: PackageId
    delivery_id: DeliveryId
    dossier_id: DossierId
    page_count: int
    explanation: str


class PackageDamaged(Event):
    """A package could not be served on, for a file of it was found right in no copy: its dossier wants checking."""

    name: ClassVar[str] = "handover.package.damaged.v1"
    subject: ClassVar[str] = "package_id"

    package_id: PackageId
    dossier_id: DossierId
    detail: str
