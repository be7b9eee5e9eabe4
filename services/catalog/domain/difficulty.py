"""Difficulties (khó khăn, vướng mắc) that agencies or the centre's own people send in: their states."""

from enum import StrEnum

from services.catalog.domain.difficulty_errors import DifficultyStateWrong


class DifficultyState(StrEnum):
    """raised: nobody has answered yet; answered: the centre has; closed: nothing more is to be said."""

    RAISED = "raised"
    ANSWERED = "answered"
    CLOSED = "closed"


NEXT: dict[DifficultyState, frozenset[DifficultyState]] = {
    DifficultyState.RAISED: frozenset({DifficultyState.ANSWERED}),
    DifficultyState.ANSWERED: frozenset({DifficultyState.ANSWERED, DifficultyState.CLOSED}),  # a better answer
    DifficultyState.CLOSED: frozenset(),
}


def advance(present: str, wanted: DifficultyState) -> DifficultyState:
    """Give the wanted state if it may follow the present one. Raises DifficultyStateWrong."""
    if wanted not in NEXT[DifficultyState(present)]:
        raise DifficultyStateWrong(f"{present} → {wanted}", state=present)
    return wanted


def demand_unanswered(present: str) -> None:
    """Raise DifficultyStateWrong once a difficulty is answered: what was answered is not told otherwise afterwards."""
    if present != DifficultyState.RAISED:
        raise DifficultyStateWrong(present, state=present)
