"""The tables of ISO 2859-1, proved by their shape, their operating characteristics, and plans known from elsewhere."""

from itertools import pairwise
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qc.domain.sampling.tables import (
    Severity,
    SinglePlan,
    aqls,
    code_letter,
    levels,
    one_step_tighter,
    read,
    sample_size,
    single_plan,
)

LETTERS = tuple("ABCDEFGHJKLMNPQR")
CELLS = [(letter, aql) for letter in LETTERS for aql in aqls()]
SEVERITIES = list(Severity)


def accepted(plan: SinglePlan, percent: float) -> float:
    """Give the probability that a lot of this quality is accepted (binomial: the lot is large)."""
    p = percent / 100
    return sum(comb(plan.size, d) * p**d * (1 - p) ** (plan.size - d) for d in range(plan.accept + 1))


@pytest.mark.parametrize(
    ("severity", "letter", "aql", "n", "ac"),
    [
        (Severity.NORMAL, "K", 1.0, 125, 3),
        (Severity.NORMAL, "L", 0.65, 200, 3),
        (Severity.NORMAL, "H", 2.5, 50, 3),
        (Severity.NORMAL, "J", 1.0, 80, 2),
        (Severity.NORMAL, "J", 2.5, 80, 5),
        (Severity.NORMAL, "F", 1.0, 13, 0),  # arrow up
        (Severity.NORMAL, "D", 1.0, 13, 0),  # arrow down, over two letters
        (Severity.NORMAL, "H", 0.65, 80, 1),
        (Severity.NORMAL, "M", 6.5, 200, 21),
        (Severity.NORMAL, "R", 0.010, 1250, 0),
        (Severity.NORMAL, "C", 10, 5, 1),
        (Severity.TIGHTENED, "K", 1.0, 125, 2),
        (Severity.TIGHTENED, "L", 1.0, 200, 3),
        (Severity.TIGHTENED, "G", 1.0, 80, 1),
        (Severity.TIGHTENED, "Q", 0.025, 3150, 1),
        (Severity.TIGHTENED, "M", 4.0, 315, 18),
        (Severity.REDUCED, "K", 1.0, 50, 2),
        (Severity.REDUCED, "L", 0.65, 80, 2),
        (Severity.REDUCED, "M", 6.5, 80, 10),
        (Severity.REDUCED, "K", 0.15, 32, 0),
    ],
)
def test_plans_that_are_known_from_elsewhere_are_in_the_tables(
    severity: Severity, letter: str, aql: float, n: int, ac: int
) -> None:
    plan = single_plan(letter, aql, severity)
    assert (plan.size, plan.accept, plan.reject) == (n, ac, ac + 1)


@pytest.mark.parametrize(
    ("size", "level", "letter"),
    [
        (1, "II", "A"), (8, "II", "A"), (9, "II", "B"), (1200, "II", "J"), (1201, "II", "K"), (3200, "II", "K"),
        (3201, "II", "L"), (500_001, "III", "R"), (1200, "I", "G"), (150, "S-1", "B"), (35_000, "S-3", "F"),
        (281, "S-4", "E"), (10**9, "S-4", "K"),
    ],
)  # fmt: skip
def test_the_code_letter_follows_from_size_and_level(size: int, level: str, letter: str) -> None:
    assert code_letter(size, level) == letter


@given(st.integers(1, 2_000_000), st.integers(0, 2_000_000))
def test_larger_lots_and_higher_levels_never_have_smaller_samples(size: int, more: int) -> None:
    for level in levels():
        assert LETTERS.index(code_letter(size, level)) <= LETTERS.index(code_letter(size + more, level))
    for row in ("S-1 S-2 S-3 S-4", "I II III"):
        letters = [LETTERS.index(code_letter(size, level)) for level in row.split()]
        assert letters == sorted(letters)


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_shape_of_the_tables(severity: Severity) -> None:
    rows = list(read()[severity].values())
    assert all(len(row.split()) == len(aqls()) + 1 for row in rows)
    sizes = [sample_size(letter, severity) for letter in LETTERS]
    assert sizes == sorted(sizes)
    for letter, aql in CELLS:
        plan = single_plan(letter, aql, severity)
        assert plan.reject == plan.accept + 1
    for letter in LETTERS:
        shares = [(plan := single_plan(letter, aql, severity)).accept / plan.size for aql in aqls()]
        assert shares == sorted(shares), f"a larger AQL allows no smaller share: {letter}"
        steps = list(pairwise(aqls()))
        assert all(one_step_tighter(larger) == smaller for smaller, larger in steps)


@pytest.mark.parametrize("severity", SEVERITIES)
def test_plans_move_along_diagonals(severity: Severity) -> None:
    """One letter further and one AQL smaller is the same acceptance number: n times AQL stays about the same."""
    for (letter, aql), following in [
        (cell, LETTERS[LETTERS.index(cell[0]) + 1]) for cell in CELLS if cell[0] != "R" and cell[1] != aqls()[0]
    ]:
        smaller = aqls()[aqls().index(aql) - 1]
        row, below = read()[severity][letter].split(), read()[severity][following].split()
        here, there = row[aqls().index(aql) + 1], below[aqls().index(smaller) + 1]
        if here.isdigit() and there.isdigit():
            assert here == there


def test_tightened_is_stricter_and_reduced_milder_than_normal() -> None:
    for letter, aql in CELLS:
        normal, tightened, reduced = (single_plan(letter, aql, each) for each in SEVERITIES)
        for percent in (aql, 2 * aql, 5 * aql):
            assert accepted(tightened, percent) <= accepted(normal, percent) + 1e-12, (letter, aql)
        assert reduced.size < normal.size or normal.size == reduced.size == 2
        assert accepted(reduced, 3 * aql) >= accepted(normal, 3 * aql) - 1e-12, (letter, aql)


BANDS = {
    Severity.NORMAL: {0: 0.88, 1: 0.91, 2: 0.956, 3: 0.962, 5: 0.985, 7: 0.985, 10: 0.987, 14: 0.985, 21: 0.99},
    Severity.TIGHTENED: {0: 0.82, 1: 0.811, 2: 0.869, 3: 0.864, 5: 0.904, 8: 0.934, 12: 0.945, 18: 0.947},
    Severity.REDUCED: {1: 0.965, 2: 0.988, 3: 0.993, 5: 0.9985, 6: 0.996, 8: 0.995, 10: 0.987},
}


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_producers_risk_at_the_aql_is_that_of_the_standard(severity: Severity) -> None:
    """A lot as good as the AQL is accepted about equally often by every plan with the same acceptance number.

    A number, size or AQL that was mistaken for its neighbour would be outside: those are 3 to 13 points apart.
    """
    bands = BANDS[severity]
    seen = set()
    for letter, aql in CELLS:
        plan = single_plan(letter, aql, severity)
        if plan.letter == letter and plan.accept in bands:
            seen.add(plan.accept)
            assert accepted(plan, aql) == pytest.approx(bands[plan.accept], abs=0.018), (letter, aql)
    assert seen == set(bands)


@pytest.mark.parametrize(
    ("letter", "aql", "quality", "chance"),
    [("K", 1.0, 1.09, 0.95), ("K", 1.0, 5.27, 0.10), ("L", 0.65, 0.683, 0.95), ("J", 1.0, 6.52, 0.10),
     ("H", 2.5, 2.78, 0.95), ("G", 0.40, 6.94, 0.10), ("F", 0.65, 0.256, 0.95)],
)  # fmt: skip
def test_published_points_of_operating_characteristics_are_met(
    letter: str, aql: float, quality: float, chance: float
) -> None:
    """Points of the tables 10-F to 10-L of the standard: quality in percent, probability of acceptance."""
    assert accepted(single_plan(letter, aql, Severity.NORMAL), quality) == pytest.approx(chance, abs=0.004)


def test_the_poisson_approximation_agrees_for_small_limits() -> None:
    plan = single_plan("P", 0.10, Severity.NORMAL)
    mean = plan.size * 0.10 / 100
    poisson = sum(exp(-mean) * mean**d / factorial(d) for d in range(plan.accept + 1))
    assert accepted(plan, 0.10) == pytest.approx(poisson, abs=0.001)
