"""What the yearly list names: the rule is data, and a secret dossier is never named whatever it says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.yearly_rule import Candidate, YearlyRule, reason_to_leave_out

FIT = Candidate(
    "01", "01", "none", is_marked=True, has_criterion=True, is_approved=True, is_copied=False, is_checked=True
)
SHIPPED = YearlyRule.load()
RULES = st.builds(
    YearlyRule,
    name=st.just("x"),
    version=st.just(1),
    legal_basis=st.just("x"),
    confirmed=st.booleans(),
    marked=st.booleans(),
    with_criterion=st.booleans(),
    approved=st.booleans(),
    not_copied=st.booleans(),
)


def test_the_shipped_rule_says_that_nobody_has_confirmed_it() -> None:
    assert not SHIPPED.confirmed
    assert "Điều 30" in SHIPPED.legal_basis


def test_each_reason_is_its_own() -> None:
    strict = SHIPPED.model_copy(update={"approved": True})
    assert reason_to_leave_out(FIT, strict) is None
    for change, reason in (
        ({"secrecy": "secret"}, "secret"),
        ({"access_level": "03"}, "secret"),
        ({"is_checked": False}, "unchecked"),
        ({"is_checked": False, "secrecy": "secret"}, "secret"),
        ({"retention": "02"}, "not_permanent"),
        ({"is_marked": False}, "not_marked"),
        ({"has_criterion": False}, "no_criterion_with_evidence"),
        ({"is_approved": False}, "not_approved"),
        ({"is_copied": True}, "copied"),
    ):
        assert reason_to_leave_out(replace(FIT, **change), strict) == reason


@given(RULES, st.booleans(), st.booleans(), st.sampled_from([{"secrecy": "secret"}, {"access_level": "03"}]))
def test_no_rule_names_a_secret_dossier(
    rule: YearlyRule, is_marked: bool, is_copied: bool, secret: dict[str, str]
) -> None:
    told = replace(FIT, is_marked=is_marked, is_copied=is_copied, **secret)  # type: ignore[arg-type]
    assert reason_to_leave_out(told, rule) == "secret"
