"""The states of a delivery and of a package; they only move forward."""

from enum import StrEnum

from services.handover.errors import StateGoesBackwards


class DeliveryState(StrEnum):
    """building: its packages are being made; ready: all are made and their manifest is frozen; open: the receiver may
    pull; closed: all answered; released: no longer served, the time in which it stays restorable being over.

    cancelled: given up before it was opened.
    """

    BUILDING = "building"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"
    CANCELLED = "cancelled"


class Seal(StrEnum):
    """Whether the manifest of a delivery is signed, and whether a timestamping service says when."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    TIMESTAMPED = "timestamped"


class PackageState(StrEnum):
    """waiting for its making, built, offered to the receiver, and the receiver's answer; or withdrawn before that.

    given_up: offered, but nobody can answer for it any more, which two persons said and explained.
    """

    WAITING = "waiting"
    BUILT = "built"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.BUILDING: frozenset({DeliveryState.READY, DeliveryState.CANCELLED}),
    DeliveryState.READY: frozenset({DeliveryState.OPEN, DeliveryState.CANCELLED}),
    DeliveryState.OPEN: frozenset({DeliveryState.CLOSED}),
    DeliveryState.CLOSED: frozenset({DeliveryState.RELEASED}),
    DeliveryState.RELEASED: frozenset(),
    DeliveryState.CANCELLED: frozenset(),
}
UNOPENED = frozenset({DeliveryState.BUILDING, DeliveryState.READY})
ANSWERED = frozenset({DeliveryState.CLOSED, DeliveryState.RELEASED})
UNOFFERED = frozenset({PackageState.WAITING, PackageState.BUILT})
ANSWERS = frozenset({PackageState.ACCEPTED, PackageState.REJECTED})
ENDED = frozenset({PackageState.ACCEPTED, PackageState.REJECTED, PackageState.WITHDRAWN, PackageState.GIVEN_UP})


def advance(present: DeliveryState, wanted: DeliveryState) -> DeliveryState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
