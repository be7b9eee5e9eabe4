"""What limits come to against people's verdicts, and which one is proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qc.domain.calibrating import LEAST_FAULTY, Compared, Worse, agreement_at, proposed_limit

FAULTY = [Compared(value, True) for value in range(60, 100)]
GOOD = [Compared(value, False) for value in range(70)]


def test_a_limit_is_right_wrong_or_misses_as_people_say() -> None:
    at = agreement_at(64.5, [*FAULTY, *GOOD], "above")
    assert (at.right, at.wrong, at.missed) == (35, 5, 5)
    assert at.precision == pytest.approx(35 / 40)
    assert at.recall == pytest.approx(35 / 40)


def test_a_page_that_was_not_flagged_stands_for_those_nobody_looked_at() -> None:
    at = agreement_at(65, [Compared(80, True), Compared(10, True, 20)], "above")
    assert at.recall == pytest.approx(1 / 21)
    assert agreement_at(65, [], "above").precision is None
    assert agreement_at(65, [], "above").recall is None


def test_the_proposed_limit_finds_enough_of_the_faults_with_the_fewest_false_alarms() -> None:
    proposed = proposed_limit([*FAULTY, *GOOD], "above", recall=0.9)
    assert proposed is not None
    assert proposed.limit == 63.5
    assert (proposed.right, proposed.wrong) == (36, 6)


def test_few_faults_propose_nothing() -> None:
    assert proposed_limit([*FAULTY[: LEAST_FAULTY - 1], *GOOD], "above") is None
    assert proposed_limit([*FAULTY[:LEAST_FAULTY], *GOOD], "above") is not None


COMPARED = st.builds(Compared, st.floats(0, 1), st.booleans(), st.floats(1, 50))


@given(st.lists(COMPARED, min_size=40, max_size=80), st.sampled_from(["above", "below"]), st.floats(0.05, 1))
def test_what_is_proposed_is_what_the_limit_comes_to(pages: list[Compared], worse: Worse, recall: float) -> None:
    proposed = proposed_limit(pages, worse, recall)
    if proposed is None:
        assert sum(page.is_faulty for page in pages) < LEAST_FAULTY
        return
    real = agreement_at(proposed.limit, pages, worse)
    assert (real.right, real.wrong, real.missed) == pytest.approx(
        (proposed.right, proposed.wrong, proposed.missed), abs=1e-6
    )
    assert (real.recall or 0) >= recall - 1e-9
