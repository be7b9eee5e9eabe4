"""The states of a selection list."""

from enum import StrEnum

from services.catalog.errors import StateGoesBackwards


class ListState(StrEnum):
    """Where a list stands; an approved list never moves again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


NEXT: dict[ListState, frozenset[ListState]] = {
    ListState.DRAFT: frozenset({ListState.SUBMITTED}),
    ListState.SUBMITTED: frozenset({ListState.APPROVED, ListState.RETURNED}),
    ListState.RETURNED: frozenset({ListState.SUBMITTED}),
    ListState.APPROVED: frozenset(),
}
CHANGEABLE = frozenset({ListState.DRAFT, ListState.RETURNED})


def advance(present: ListState, wanted: ListState) -> ListState:
    """Give the wanted state if it may follow the present one. Raises StateGoesBackwards."""
    if wanted not in NEXT[present]:
        raise StateGoesBackwards(f"{present} → {wanted}")
    return wanted
