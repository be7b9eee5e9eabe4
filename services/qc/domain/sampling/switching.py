"""Switching between normal, tightened and reduced inspection by the lots before (ISO 2859-1:1999, 9.3 and 9.4).

Only lots at their first inspection count, each class of defects for itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.qc.domain.sampling.tables import Severity

ENOUGH = 30  # the switching score that allows reduced inspection
OF_FIVE = 5  # consecutive lots that are looked back on
TOO_MANY = 2  # of them, not accepted, lead to tightened inspection
TALLIED = 2  # an acceptance number from which on the score asks for the next tighter AQL
MOST_TIGHTENED_REJECTED = 5  # lots not accepted under tightened inspection end the sampling of a series


@dataclass(frozen=True, slots=True)
class Past:
    """How an earlier lot fared in a class.

    `is_accepted_tighter` says whether it would have been accepted by the plan for an AQL one step tighter.
    """

    severity: Severity
    is_accepted: bool
    accept: int
    is_accepted_tighter: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the next lot of a series is inspected by, and what led there.

    `may_reduce`: reduced inspection is earned and waits for leave. `is_discontinued`: nothing is sampled until leave is
    given to resume, and then under tightened inspection.
    """

    severity: Severity = Severity.NORMAL
    score: int = 0
    recent: tuple[bool, ...] = ()
    rejected_tightened: int = 0

    @property
    def may_reduce(self) -> bool:
        """Say whether reduced inspection is earned."""
        return self.severity == Severity.NORMAL and self.score >= ENOUGH

    @property
    def is_discontinued(self) -> bool:
        """Say whether sampling has ended until something was done about the quality."""
        return self.rejected_tightened >= MOST_TIGHTENED_REJECTED


def standing(history: Iterable[Past]) -> Standing:
    """Give where a series stands after its lots, oldest first."""
    present = Standing()
    for past in history:
        present = after(present, past)
    return present


def after(present: Standing, past: Past) -> Standing:
    """Give where a series stands after one more lot; one that was drawn before the last switch moves nothing."""
    if past.severity == Severity.REDUCED and past.is_accepted:
        return Standing(Severity.REDUCED)
    if Severity.REDUCED in (past.severity, present.severity):
        return present if past.is_accepted else Standing()
    if past.severity != present.severity:
        return present
    if past.severity == Severity.TIGHTENED:
        return after_tightened(present, past)
    recent = (*present.recent, past.is_accepted)[-OF_FIVE:]
    if recent.count(False) >= TOO_MANY:
        return Standing(Severity.TIGHTENED)
    return Standing(Severity.NORMAL, scored(present.score, past), recent)


def after_tightened(present: Standing, past: Past) -> Standing:
    """Go back to normal after five accepted in a row; count those that were not accepted."""
    rejected = 0 if present.is_discontinued else present.rejected_tightened
    recent = (*present.recent, past.is_accepted)[-OF_FIVE:]
    if len(recent) == OF_FIVE and all(recent):
        return Standing()
    return Standing(Severity.TIGHTENED, 0, recent, rejected + (not past.is_accepted))


def scored(score: int, past: Past) -> int:
    """Give the switching score after a lot under normal single sampling (9.3.3.2)."""
    if past.accept >= TALLIED:
        return score + 3 if past.is_accepted_tighter else 0
    return score + 2 if past.is_accepted else 0
