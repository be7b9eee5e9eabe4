"""The states of a lot; they only move forward."""

from enum import StrEnum

from services.qc.errors import LotGoesBackwards


class LotState(StrEnum):
    """gathering: its dossiers are known and its plan can be read; drawn: the sample is drawn and being judged.

    accepted: its dossiers are accepted with it; rejected: every page of it is inspected, and its dossiers end one by
    one; concluded: all of those have ended; withdrawn: given up before it was drawn.
    """

    GATHERING = "gathering"
    DRAWN = "drawn"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


NEXT: dict[LotState, frozenset[LotState]] = {
    LotState.GATHERING: frozenset({LotState.DRAWN, LotState.WITHDRAWN}),
    LotState.DRAWN: frozenset({LotState.ACCEPTED, LotState.REJECTED}),
    LotState.REJECTED: frozenset({LotState.CONCLUDED}),
    LotState.ACCEPTED: frozenset(),
    LotState.CONCLUDED: frozenset(),
    LotState.WITHDRAWN: frozenset(),
}
OPEN = frozenset({LotState.GATHERING, LotState.DRAWN})  # its dossiers are not concluded alone
DECIDED = frozenset({LotState.ACCEPTED, LotState.REJECTED, LotState.CONCLUDED})  # what later plans go by


def advance(present: str, wanted: LotState) -> LotState:
    """Give the wanted state if it may follow the present one. Raises LotGoesBackwards."""
    if wanted not in NEXT[LotState(present)]:
        raise LotGoesBackwards(f"{present} → {wanted}")
    return wanted


class Leave(StrEnum):
    """What the responsible authority allows: reduced inspection that was earned, or a discontinued series to resume."""

    REDUCED = "reduced"
    RESUMED = "resumed"
