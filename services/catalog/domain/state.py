"""The states of selection lists and of imports."""

from enum import StrEnum

from services.catalog.errors import StateGoesBackwards


class ListState(StrEnum):
    """Where a list stands; an approved list moves only when its next edition is approved.

    An amendment whose dossiers all went back to the edition that it would have replaced is abandoned.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPRAISED = "appraised"
    RETURNED = "returned"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    ABANDONED = "abandoned"


NEXT: dict[ListState, frozenset[ListState]] = {
    ListState.DRAFT: frozenset({ListState.SUBMITTED, ListState.ABANDONED}),
    ListState.SUBMITTED: frozenset({ListState.APPRAISED, ListState.APPROVED, ListState.RETURNED}),
    ListState.APPRAISED: frozenset({ListState.APPROVED, ListState.RETURNED}),
    ListState.RETURNED: frozenset({ListState.SUBMITTED, ListState.ABANDONED}),
    ListState.APPROVED: frozenset({ListState.SUPERSEDED}),
    ListState.SUPERSEDED: frozenset(),
    ListState.ABANDONED: frozenset(),
}
CHANGEABLE = frozenset({ListState.DRAFT, ListState.RETURNED})
DECIDED = frozenset({ListState.APPROVED, ListState.SUPERSEDED})  # its entries say what it holds, for ever
UNDECIDED = frozenset({ListState.SUBMITTED, ListState.APPRAISED})  # frozen, and nobody has decided yet
OPEN = frozenset({ListState.DRAFT, ListState.SUBMITTED, ListState.APPRAISED, ListState.RETURNED})


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
