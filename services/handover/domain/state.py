"""The states of a delivery and of a package; they only move forward."""

from enum import StrEnum

from services.handover.errors import StateGoesBackwards


class DeliveryState(StrEnum):
    """building: its packages are being made; ready: all are made; open: the receiver may pull; closed: all answered.

    cancelled: given up before it was opened.
    """

    BUILDING = "building"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PackageState(StrEnum):
    """waiting for its making, built, offered to the receiver, and the receiver's answer; or withdrawn before that."""

    WAITING = "waiting"
    BUILT = "built"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.BUILDING: frozenset({DeliveryState.READY, DeliveryState.CANCELLED}),
    DeliveryState.READY: frozenset({DeliveryState.OPEN, DeliveryState.CANCELLED}),
    DeliveryState.OPEN: frozenset({DeliveryState.CLOSED}),
    DeliveryState.CLOSED: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
}
UNOPENED = frozenset({DeliveryState.BUILDING, DeliveryState.READY})
UNOFFERED = frozenset({PackageState.WAITING, PackageState.BUILT})
ENDED = frozenset({PackageState.ACCEPTED, PackageState.REJECTED, PackageState.WITHDRAWN})


def advance(present: DeliveryState, wanted: DeliveryState) -> DeliveryState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
