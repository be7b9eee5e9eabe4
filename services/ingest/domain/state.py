"""The states of a dossier from its approval to its preservation; they only move forward.

One that the catalog withdrew before its acceptance waits, and goes on where it was when it is approved anew.
"""

from enum import StrEnum

from services.ingest.errors import StateGoesBackwards


class DossierState(StrEnum):
    """Where a dossier stands in ingest."""

    OPEN = "open"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PRESERVED = "preserved"
    WITHDRAWN = "withdrawn"


NEXT: dict[DossierState, frozenset[DossierState]] = {
    DossierState.OPEN: frozenset({DossierState.CLOSED, DossierState.WITHDRAWN}),
    DossierState.CLOSED: frozenset({DossierState.ACCEPTED, DossierState.REJECTED, DossierState.WITHDRAWN}),
    DossierState.WITHDRAWN: frozenset({DossierState.OPEN, DossierState.CLOSED, DossierState.REJECTED}),
    DossierState.ACCEPTED: frozenset({DossierState.PRESERVED}),
    DossierState.REJECTED: frozenset(),
    DossierState.PRESERVED: frozenset(),
}
STOPPABLE = frozenset({DossierState.OPEN, DossierState.CLOSED})  # nothing of it is frozen for sealing yet


def advance(present: DossierState, wanted: DossierState) -> DossierState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
