"""The plan of a lot and what the verdicts on its sample come to."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.qc.domain.lot import NEXT, LotState, advance
from services.qc.domain.sampling.classes import class_of, word_of
from services.qc.domain.sampling.drawing import is_must_see, sample_of
from services.qc.domain.sampling.plan import Plan, percentage_plan, plan_of, standard_plan
from services.qc.domain.sampling.result import Said, Word, past_of, result_of
from services.qc.domain.sampling.switching import Standing
from services.qc.domain.sampling.tables import Severity
from services.qc.domain.sampling.terms import DefectClass, PercentageTerms, StandardTerms, Terms
from services.qc.domain.wording import texts
from services.qc.errors import LotGoesBackwards

CRITICAL, MAJOR, MINOR = DefectClass
SOUND, NOTHING = Said.SOUND, Said.NOTHING
LOT = standard_plan(StandardTerms(critical=0.0, major=1.0, minor=4.0), 2000, {})


def verdict(plan: Plan, *words: Word) -> bool | None:
    rest = [SOUND] * (plan.size - len(words))
    return result_of(plan, [*words, *rest]).is_accepted


def test_each_class_has_its_own_plan_and_none_allowed_is_counted_over_all() -> None:
    assert (LOT.letter, LOT.size) == ("K", 125)
    assert [(each.name, each.size, each.accept, each.reject) for each in LOT.classes] == [
        (CRITICAL, 125, 0, 1),
        (MAJOR, 125, 3, 4),
        (MINOR, 125, 10, 11),
    ]


def test_arrows_give_classes_samples_of_their_own_and_the_smaller_one_is_the_beginning_of_the_draw() -> None:
    plan = standard_plan(StandardTerms(major=0.65, minor=4.0), 60, {})
    sizes = {each.name: (each.letter, each.size, each.accept) for each in plan.classes}
    assert (plan.letter, plan.size) == ("E", 20)
    assert sizes == {CRITICAL: (None, 20, 0), MAJOR: ("F", 20, 0), MINOR: ("E", 13, 1)}
    late = [SOUND] * 13 + [MINOR] * 7
    assert result_of(plan, late).is_accepted is True, "minor defects behind its sample are not of it"
    assert verdict(plan, MINOR, MINOR) is False


def test_a_sample_as_large_as_the_lot_is_the_whole_lot() -> None:
    plan = standard_plan(StandardTerms(), 12, {})
    assert (plan.letter, plan.size) == ("B", 12)
    assert next(each for each in plan.classes if each.name == MAJOR).size == 12


def test_severities_change_the_plan_of_their_class_alone() -> None:
    plan = standard_plan(StandardTerms(), 2000, {MAJOR: Severity.TIGHTENED, MINOR: Severity.REDUCED})
    assert [(each.size, each.accept) for each in plan.classes] == [(125, 0), (125, 2), (50, 6)]


def test_reduced_inspection_waits_for_leave() -> None:
    earned = {MAJOR: Standing(score=30)}
    normal = plan_of(StandardTerms(), 2000, earned, is_resubmitted=False, has_leave=False)
    reduced = plan_of(StandardTerms(), 2000, earned, is_resubmitted=False, has_leave=True)
    assert [plan.classes[1].severity for plan in (normal, reduced)] == [Severity.NORMAL, Severity.REDUCED]
    unearned = plan_of(StandardTerms(), 2000, {MAJOR: Standing()}, is_resubmitted=False, has_leave=True)
    assert unearned.classes[1].severity == Severity.NORMAL


def test_the_first_round_of_a_percentage_is_all_pages_and_the_second_three_in_ten() -> None:
    terms = PercentageTerms(scheme="percentage", allowed_percent=1.0)
    first, second = (percentage_plan(terms, 1001, is_resubmitted=again) for again in (False, True))
    assert [(plan.size, plan.classes[0].accept) for plan in (first, second)] == [(1001, 10), (301, 3)]
    assert verdict(second, MINOR, MAJOR, CRITICAL) is True
    assert verdict(second, MINOR, MAJOR, CRITICAL, MINOR) is False


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ([], True),
        ([MAJOR] * 3, True),
        ([MAJOR] * 4, False),
        ([CRITICAL], False),
        ([MINOR] * 10 + [MAJOR] * 3, True),
        ([MINOR] * 11, False),
        ([NOTHING], None),
        ([NOTHING, MAJOR, MAJOR, MAJOR, MAJOR], False),
    ],
)
def test_a_lot_is_rejected_by_any_class_and_accepted_only_when_all_is_judged(
    words: list[Word], outcome: bool | None
) -> None:
    assert verdict(LOT, *words) is outcome


@given(st.lists(st.sampled_from([SOUND, CRITICAL, MAJOR, MINOR]), min_size=125, max_size=125))
def test_one_more_defect_never_makes_a_rejected_lot_good(words: list[Word]) -> None:
    if result_of(LOT, words).is_accepted is False:
        for place, word in enumerate(words):
            if word == SOUND:
                assert result_of(LOT, [*words[:place], MINOR, *words[place + 1 :]]).is_accepted is False


def test_a_lot_tells_later_ones_whether_it_would_also_pass_one_step_tighter() -> None:
    for found, tighter in ((0, True), (2, True), (3, False)):
        result = result_of(LOT, [MAJOR] * found + [SOUND] * (125 - found))
        past = past_of(LOT.classes[1], result.classes[1])
        assert past is not None
        assert (past.is_accepted, past.accept, past.is_accepted_tighter) == (True, 3, tighter)
    unfinished = result_of(LOT, [CRITICAL, *[NOTHING] * 124])
    assert [past_of(*each) for each in zip(LOT.classes, unfinished.classes, strict=True)] == [None, None, None]


def test_the_same_seed_draws_the_same_pages_in_the_same_order_whatever_order_they_come_in() -> None:
    pages = [uuid4() for _ in range(500)]
    drawn = sample_of(pages, 80, seed=7)
    assert drawn == sample_of(sorted(pages), 80, seed=7)
    assert len(set(drawn)) == 80
    assert set(drawn) <= set(pages)
    assert drawn != sample_of(pages, 80, seed=8)
    assert set(sample_of(pages, 999, seed=1)) == set(pages)


def test_every_page_is_drawn_about_equally_often() -> None:
    pages = [uuid4() for _ in range(20)]
    counts = dict.fromkeys(pages, 0)
    for seed in range(2000):
        for page in sample_of(pages, 5, seed):
            counts[page] += 1
    assert all(400 < count < 600 for count in counts.values())


@pytest.mark.parametrize(
    ("judgement", "version", "said", "expected"),
    [("pass", 1, None, False), ("pass", 1, "accepted", False), ("review", 1, None, True), ("fail", 1, None, True),
     ("pass", 2, None, True), ("pass", 1, "rescan", True), ("pass", 1, "rejected", True)],
)  # fmt: skip
def test_what_the_machine_doubts_or_failed_before_is_seen_whatever_is_drawn(
    judgement: str, version: int, said: str | None, expected: bool
) -> None:
    assert is_must_see(judgement, version, said) is expected


def test_a_defect_is_of_the_class_of_its_reason_else_of_what_the_machine_found_else_of_the_verdict() -> None:
    assert word_of(None, None, []) == NOTHING
    assert word_of("accepted", None, ["content.blank"]) == SOUND
    assert word_of("rescan", MINOR, ["integrity.truncated"]) == MINOR
    assert word_of("rescan", None, ["geometry.skewed", "sharpness.blurred"]) == MAJOR
    assert [word_of(said, None, []) for said in ("rejected", "rescan", "accepted_with_reservation")] == list(
        DefectClass
    )


def test_every_finding_has_a_class() -> None:
    assert [code for code in texts().codes if class_of(code) is None] == []


def test_a_lot_only_moves_forward() -> None:
    for present in LotState:
        for wanted in LotState:
            if wanted in NEXT[present]:
                assert advance(present, wanted) == wanted
            else:
                with pytest.raises(LotGoesBackwards):
                    advance(present, wanted)
    assert LotState.WITHDRAWN not in NEXT[LotState.DRAWN]


@pytest.mark.parametrize(
    "terms",
    [{"scheme": "iso2859", "major": 1.1}, {"scheme": "iso2859", "major": 15}, {"scheme": "iso2859", "level": "IV"},
     {"scheme": "iso2859", "minor": "4.0"}, {"scheme": "iso2859", "major": True}, {"scheme": "guess"}, {},
     {"scheme": "percentage", "allowed_percent": 11}, {"scheme": "percentage", "share": 5}],
)  # fmt: skip
def test_terms_that_no_table_has_are_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[object](Terms).validate_python(terms)
