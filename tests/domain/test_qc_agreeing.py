"""People's verdicts beside the machine's findings: what each check gets right, and which limit would do better."""

import tomllib

import pytest

from services.qc.domain.agreeing import (
    CheckAgreement,
    JudgedPage,
    Totals,
    WhyNot,
    agreements,
    has_fault,
    weight_of_unflagged,
)
from services.qc.domain.checks import checked
from services.qc.domain.limits import LIMITS, numbers_in
from services.qc.domain.page import LookedAt
from services.qc.domain.profile import Profile
from services.qc.domain.reasons import findings_named, reasons
from services.qc.domain.wording import FILE
from shared.imaging.formats import JPEG
from tests.domain.test_qc_checks import GOOD

PROFILE = Profile.load("tt05-2025")
CUT, BLURRED = "geometry.cut", "sharpness.blurred"
# What the law or the bare size of a page asks for, and what is no limit of a measure.
SET = {
    "least_dpi", "least_dpi_drawings", "least_bit_depth", "least_pixels", "paper_tolerance", "version", "needs_color",
    "wants_color_profile", "wants_color_target",
}  # fmt: skip


def judged(
    reason: str = "", *findings: str, verdict: str = "rescan", is_flagged: bool = True, **measures: float
) -> JudgedPage:
    """Make a judged page; without a reason it was accepted."""
    return JudgedPage(verdict if reason else "accepted", reason, frozenset(findings), is_flagged, measures)


def agreement(code: str, pages: list[JudgedPage], totals: Totals | None = None, recall: float = 0.95) -> CheckAgreement:
    """Compare one check, by default where every page was judged."""
    flagged = sum(page.is_flagged for page in pages)
    in_all = totals or Totals(flagged, len(pages) - flagged)
    return next(each for each in agreements(pages, in_all, PROFILE, recall) if each.code == code)


def test_every_limit_of_a_profile_can_be_learnt_or_is_set_by_a_rule() -> None:
    numeric = {name for name, field in Profile.model_fields.items() if field.annotation in (int, float, bool)}
    assert numeric == {limit.field for limit in LIMITS.values()} | SET


def test_reasons_speak_of_findings_that_have_words() -> None:
    assert findings_named() | set(LIMITS) <= set(tomllib.loads(FILE.read_text("utf-8")))


@pytest.mark.parametrize("code", LIMITS)
@pytest.mark.parametrize("is_beyond", [True, False])
def test_a_limit_is_told_as_its_check_holds_it(code: str, is_beyond: bool) -> None:
    limit = LIMITS[code]
    at = limit.in_profile(PROFILE)
    step = 0.05 if (limit.worse == "above") == is_beyond else -0.05
    value = at + step * 20 if limit.field == "least_jpeg_quality" else at + step
    kind = int if limit.field == "least_jpeg_quality" else float
    signs = (1, -1) if limit.is_absolute else (1,)
    for name in limit.measures:
        for sign in signs:
            changed = {name: kind(sign * value)} | ({limit.only_nonzero: 180} if limit.only_nonzero else {})
            measures = GOOD.model_copy(update=changed)
            codes = {finding.code for finding in checked(LookedAt(measures, JPEG, JPEG), PROFILE)}
            told = limit.value_in(numbers_in(measures.model_dump(mode="json")))
            assert told is not None
            assert (code in codes) == is_beyond == (told > at if limit.worse == "above" else told < at)


def test_what_was_not_measured_is_held_against_no_limit() -> None:
    assert LIMITS["geometry.skewed"].value_in({"skew_degrees": None}) is None
    assert LIMITS["geometry.turned"].value_in({"orientation_confidence": 1.0, "orientation_degrees": 0}) is None
    assert LIMITS["tone.low_contrast"].value_in({"contrast": 0.1, "sharpness": None}) is None
    assert LIMITS["tone.low_contrast"].value_in({"contrast": 0.1, "sharpness": 0.0}) == 0.1


def test_a_named_fault_is_told_of_its_own_check_only_and_an_accepted_page_has_none() -> None:
    assert has_fault(judged("cut"), CUT) is True
    assert has_fault(judged("cut"), BLURRED) is None, "one reason is named, and the page may be blurred too"
    assert has_fault(judged(), BLURRED) is False
    assert has_fault(judged("paper_worn", verdict="accepted_with_reservation"), BLURRED) is False
    assert has_fault(judged("other"), BLURRED) is None
    assert has_fault(judged("", BLURRED, verdict="rejected"), BLURRED) is False
    assert has_fault(JudgedPage("rejected", "", frozenset(), True, {}), BLURRED) is None, "from before there were codes"


def test_what_one_check_of_a_reason_found_is_missed_by_none_of_the_others() -> None:
    damage = sorted(reasons()["unreadable"].findings)
    found = [judged("unreadable", "integrity.truncated")]
    for code in damage:
        present = agreement(code, found).present
        assert present is not None
        assert (present.right, present.missed) == ((1, 0) if code == "integrity.truncated" else (0, 0)), code
    for code in damage:
        unfound = agreement(code, [*found, judged("unreadable", is_flagged=False)]).present
        assert unfound is not None
        assert unfound.missed == 1, code
    both = agreement("integrity.hole", [judged("unreadable", "integrity.truncated", "integrity.hole")]).present
    assert both is not None
    assert both.right == 1


def test_right_wrong_and_missed_are_counted_and_what_says_nothing_is_left_out() -> None:
    pages = [
        *[judged("cut", CUT)] * 6,
        *[judged("", CUT)] * 2,
        *[judged("blurred", CUT)] * 3,
        *[judged("cut", is_flagged=False)] * 1,
        *[judged(is_flagged=False)] * 9,
    ]
    cut = agreement(CUT, pages)
    assert (cut.flagged_count, cut.left_out_count, cut.fault_count) == (11, 3, 0), "nothing was measured"
    assert cut.present is not None
    assert (cut.present.right, cut.present.wrong, cut.present.missed) == (6, 2, 1)
    assert [cut.present.precision, cut.present.recall] == pytest.approx([6 / 8, 6 / 7])
    sampled = agreement(CUT, pages, Totals(11, 200)).present
    assert sampled is not None
    assert (sampled.right, sampled.wrong, sampled.missed) == (6, 2, 20), "a judged one of ten stands for twenty"


def test_unflagged_pages_weigh_as_many_as_there_are_beside_flagged_ones_that_still_wait() -> None:
    pages = [*[judged()] * 10, *[judged(is_flagged=False)] * 5]
    assert weight_of_unflagged(pages, Totals(10, 100)) == 20
    assert weight_of_unflagged(pages, Totals(20, 100)) == 10
    assert weight_of_unflagged(pages, Totals(0, 0)) == 1, "judged since the pages were counted"
    assert weight_of_unflagged([], Totals(5, 5)) == 1


def blurs(faults: int) -> list[JudgedPage]:
    """Give blurred pages, the last of them as sharp as the worst of 40 good ones."""
    at = PROFILE.least_sharpness
    faulty = [at - 0.1 + 0.01 * number for number in range(faults)]
    return [
        *(
            judged("blurred", *([BLURRED] if each < at else []), is_flagged=each < at, sharpness=each)
            for each in faulty
        ),
        *(judged(is_flagged=False, sharpness=0.35 + 0.01 * number) for number in range(40)),
    ]


def test_a_limit_is_proposed_that_finds_enough_and_says_what_it_comes_to() -> None:
    blurred = agreement(BLURRED, blurs(25), recall=1.0)
    assert blurred.present is not None
    assert blurred.proposed is not None
    assert (blurred.present.limit, blurred.present.precision) == (PROFILE.least_sharpness, 1)
    assert blurred.present.recall is not None
    assert blurred.present.recall < 0.5
    assert PROFILE.least_sharpness < blurred.proposed.limit < 0.5
    assert blurred.proposed.recall == 1
    assert blurred.proposed.precision is not None
    assert blurred.proposed.precision < 1
    assert blurred.why_not is None


def test_faults_that_nothing_was_measured_of_are_missed_by_every_limit() -> None:
    pages = [*blurs(25), *[judged("blurred", is_flagged=True)] * 5]
    proposed = agreement(BLURRED, pages, recall=1.0).proposed
    assert proposed is not None
    assert proposed.missed == pytest.approx(5)


def test_why_no_limit_is_proposed_is_said() -> None:
    few = agreement(BLURRED, blurs(7))
    assert (few.proposed, few.why_not, few.fault_count) == (None, WhyNot.TOO_FEW_FAULTS, 7)
    duplicate = agreement(
        "content.duplicate", [judged("duplicate", "content.duplicate"), judged("", "content.duplicate")]
    )
    assert duplicate.why_not == WhyNot.NO_LIMIT
    assert duplicate.present is not None
    assert duplicate.present.precision == 0.5
    blank = agreement("content.blank", [judged("", "content.blank", blank_probability=0.9)])
    assert (blank.why_not, blank.present, blank.flagged_count) == (WhyNot.NO_REASON, None, 1)
