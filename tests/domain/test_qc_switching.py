"""Earlier lots decide how severely the next is inspected, each class for itself, as the standard has it."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qc.domain.sampling.switching import ENOUGH, Past, Standing, after, standing
from services.qc.domain.sampling.tables import Severity

NORMAL, TIGHTENED, REDUCED = Severity.NORMAL, Severity.TIGHTENED, Severity.REDUCED


def series(outcomes: str, *, accept: int = 0) -> Standing:
    """Play lots: `+` accepted, also one step tighter; `o` accepted, not so; `-` not. Each as severe as was due."""
    present = Standing()
    for outcome in outcomes:
        due = REDUCED if present.may_reduce else present.severity
        present = after(present, Past(due, outcome in "+o", accept, outcome == "+"))
    return present


def lots(severity: Severity, outcomes: Iterable[bool]) -> list[Past]:
    return [Past(severity, outcome, 0, outcome) for outcome in outcomes]


@pytest.mark.parametrize("outcomes", ["--", "-+++-", "+++-+-", "-o-"])
def test_two_of_five_lots_not_accepted_lead_to_tightened_inspection(outcomes: str) -> None:
    assert series(outcomes).severity == TIGHTENED


@pytest.mark.parametrize("outcomes", ["", "-", "-++++-", "++++-", "-++++-++++-"])
def test_fewer_do_not(outcomes: str) -> None:
    assert series(outcomes).severity == NORMAL


def test_five_accepted_in_a_row_lead_back_and_begin_anew() -> None:
    assert series("--++++").severity == TIGHTENED
    assert series("--++++-++++").severity == TIGHTENED
    back = series("--+++++")
    assert (back.severity, back.score) == (NORMAL, 0)
    assert series("--+++++-").severity == NORMAL, "what was rejected before the switch is forgotten"


def test_five_rejected_under_tightened_inspection_end_the_sampling_until_it_resumes_tightened() -> None:
    assert not series("--" + "-" * 4).is_discontinued
    ended = series("--" + "-+" * 4 + "-")
    assert ended.is_discontinued
    resumed = after(ended, Past(TIGHTENED, True, 0, False))
    assert (resumed.severity, resumed.is_discontinued) == (TIGHTENED, False)


@pytest.mark.parametrize(
    ("outcomes", "accept", "score"),
    [("+" * 14, 0, 28), ("+" * 15, 1, 30), ("+" * 9, 2, 27), ("+" * 10, 3, 30), ("+++o", 2, 0), ("+++o", 1, 8),
     ("+++-+", 1, 2), ("+++o+", 2, 3)],
)  # fmt: skip
def test_the_switching_score(outcomes: str, accept: int, score: int) -> None:
    present = series(outcomes, accept=accept)
    assert (present.score, present.may_reduce) == (score, score >= ENOUGH)


def test_reduced_inspection_goes_on_until_one_lot_is_not_accepted() -> None:
    assert series("+" * 15).may_reduce
    assert series("+" * 40).severity == REDUCED
    back = series("+" * 40 + "-")
    assert (back.severity, back.score) == (NORMAL, 0)


def test_without_leave_normal_inspection_goes_on() -> None:
    present = standing(lots(NORMAL, [True] * 30))
    assert (present.severity, present.may_reduce) == (NORMAL, True)


def test_a_lot_that_was_drawn_before_the_switch_moves_nothing() -> None:
    tightened = series("--")
    assert after(tightened, Past(NORMAL, True, 0, True)) == tightened
    assert after(tightened, Past(NORMAL, False, 0, False)) == tightened


@given(st.lists(st.sampled_from("+o-"), max_size=60), st.integers(0, 5))
def test_no_history_leads_from_tightened_to_reduced_or_back_without_normal_between(
    outcomes: list[str], accept: int
) -> None:
    severities = [series("".join(outcomes[:end]), accept=accept).severity for end in range(len(outcomes) + 1)]
    for before, following in pairwise(severities):
        assert {before, following} != {TIGHTENED, REDUCED}
