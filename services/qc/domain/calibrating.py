"""How well the machine's findings agree with what people said, and which limits would agree better.

People see every flagged page but only a sample of the others, so a page that was not flagged stands for as many as
were not looked at: its `weight`. A limit is only ever proposed; who is responsible decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Worse = Literal["above", "below"]  # on which side of the limit a page is flagged
LEAST_FAULTY = 20  # fewer faults of a kind say nothing about a limit
RECALL = 0.95


@dataclass(frozen=True, slots=True)
class Compared:
    """A page that a person judged: what was measured, whether the person named the fault, how many it stands for."""

    value: float
    is_faulty: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a limit comes to, in pages: flagged rightly, flagged wrongly, and faulty but not flagged (estimated)."""

    limit: float
    right: float
    wrong: float
    missed: float

    @property
    def precision(self) -> float | None:
        """Give the share of the flagged that are faulty; None where nothing is flagged."""
        flagged = self.right + self.wrong
        return self.right / flagged if flagged else None

    @property
    def recall(self) -> float | None:
        """Give the share of the faulty that are flagged; None where nothing is faulty."""
        faulty = self.right + self.missed
        return self.right / faulty if faulty else None


def agreement_at(limit: float, pages: Sequence[Compared], worse: Worse) -> Agreement:
    """Say what a limit comes to on pages that people judged."""
    right = wrong = missed = 0.0
    for page in pages:
        is_flagged = page.value > limit if worse == "above" else page.value < limit
        if is_flagged and page.is_faulty:
            right += page.weight
        elif is_flagged:
            wrong += page.weight
        elif page.is_faulty:
            missed += page.weight
    return Agreement(limit, right, wrong, missed)


def proposed_limit(pages: Sequence[Compared], worse: Worse, recall: float = RECALL) -> Agreement | None:
    """Propose the limit that still finds `recall` of the faults and flags the fewest good pages.

    It lies half-way between two measured values. None with fewer than LEAST_FAULTY faults.
    """
    if sum(page.is_faulty for page in pages) < LEAST_FAULTY:
        return None
    sign = 1 if worse == "above" else -1
    ordered = sorted(pages, key=lambda page: -sign * page.value)  # the worst first
    faulty = sum(page.weight for page in ordered if page.is_faulty)
    right = wrong = 0.0
    for page, following in zip(ordered, [*ordered[1:], None], strict=True):
        right, wrong = right + page.weight * page.is_faulty, wrong + page.weight * (not page.is_faulty)
        if following is not None and following.value == page.value:
            continue
        if right >= recall * faulty:
            limit = page.value - sign if following is None else (page.value + following.value) / 2
            return Agreement(limit, right, wrong, faulty - right)
    return None
