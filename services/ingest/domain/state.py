"""The states of a dossier from its approval to its preservation; they only move forward."""

from enum import StrEnum

from services.ingest.errors import StateGoesBackwards


class DossierState(StrEnum):
    """Where a dossier stands in ingest."""

    OPEN = "open"
    CLOSED = "closed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PRESERVED = "preserved"


NEXT: dict[DossierState, frozenset[DossierState]] = {
    DossierState.OPEN: frozenset({DossierState.CLOSED}),
    DossierState.CLOSED: frozenset({DossierState.ACCEPTED, DossierState.REJECTED}),
    DossierState.ACCEPTED: frozenset({DossierState.PRESERVED}),
    DossierState.REJECTED: frozenset(),
    DossierState.PRESERVED: frozenset(),
}


def advance(present: DossierState, wanted: DossierState) -> DossierState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
