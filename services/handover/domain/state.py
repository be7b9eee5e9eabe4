"""The states of a delivery and of a package; they only move forward."""

from enum import StrEnum

from services.handover.errors import StateGoesBackwards


class DeliveryState(StrEnum):
    """building: its packages are being made; ready: all are made; open: the receiver may pull; closed: all answered."""

    BUILDING = "building"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"


class PackageState(StrEnum):
    """waiting for its making, built, offered to the receiver, and the receiver's answer."""

    WAITING = "waiting"
    BUILT = "built"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.BUILDING: frozenset({DeliveryState.READY}),
    DeliveryState.READY: frozenset({DeliveryState.OPEN}),
    DeliveryState.OPEN: frozenset({DeliveryState.CLOSED}),
    DeliveryState.CLOSED: frozenset(),
}
ANSWERED = frozenset({PackageState.ACCEPTED, PackageState.REJECTED})


def advance(present: DeliveryState, wanted: DeliveryState) -> DeliveryState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
