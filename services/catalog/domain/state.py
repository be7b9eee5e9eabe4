"""The states of selection lists and of imports."""

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


class ImportState(StrEnum):
    """How far an import is: its rows are read and held against what is known, then written, all at once.

    One that a worker left unfinished is read anew by the next.
    """

    WAITING = "waiting"
    READING = "reading"
    WRITING = "writing"
    DONE = "done"
    REJECTED = "rejected"
    FAILED = "failed"


ENDED = frozenset({ImportState.DONE, ImportState.REJECTED, ImportState.FAILED})
