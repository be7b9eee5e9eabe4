"""What becomes of a criterion of many dossiers, and which of them it leaves alone."""

import pytest

from services.catalog.domain.bulk_marking import Act, Marking, Standing, digest_of
from services.catalog.domain.evidence import evidenced

UNTOLD: dict[str, object] = {"starts_on": "1954", "ends_on": None, "conditions": [], "carrier": None}


@pytest.mark.parametrize(
    ("act", "marks", "after", "standing"),
    [
        ("give", {}, {"permanent": "năm 1954"}, "open"),
        ("give", {"at_risk": "mủn"}, {"at_risk": "mủn", "permanent": "năm 1954"}, "open"),
        ("give", {"permanent": "của tôi"}, {"permanent": "của tôi"}, "marked"),
        ("withdraw", {"permanent": "của tôi", "at_risk": "mủn"}, {"at_risk": "mủn"}, "open"),
        ("withdraw", {"at_risk": "mủn"}, {"at_risk": "mủn"}, "unmarked"),
        ("note", {"permanent": ""}, {"permanent": "năm 1954"}, "open"),
        ("note", {"permanent": "năm 1954"}, {"permanent": "năm 1954"}, "marked"),
        ("note", {"at_risk": "mủn"}, {"at_risk": "mủn"}, "unmarked"),
    ],
)
def test_an_act_changes_one_criterion_where_it_applies(
    act: Act, marks: dict[str, str], after: dict[str, str], standing: Standing
) -> None:
    marking = Marking(act, "permanent", "" if act == "withdraw" else "năm {years}")
    assert marking.after(marks, UNTOLD) == after
    assert marking.standing(marks, UNTOLD, is_frozen=False) == standing
    assert marking.standing(marks, UNTOLD, is_frozen=True) == ("frozen" if standing == "open" else standing)


@pytest.mark.parametrize(("act", "marks"), [("give", {}), ("note", {"permanent": "của tôi"})])
def test_a_dossier_that_fills_nothing_in_or_is_secret_is_left_alone(act: Act, marks: dict[str, str]) -> None:
    marking = Marking(act, "permanent", "vật mang tin {carrier}")
    assert marking.after(marks, UNTOLD) == marks
    assert marking.standing(marks, UNTOLD, is_frozen=False) == "untold"
    assert marking.standing(marks, {**UNTOLD, "carrier": "leaf"}, is_frozen=False) == "open"
    assert marking.standing(marks, {**UNTOLD, "carrier": "leaf"}, is_frozen=False, is_secret=True) == "secret"


def test_what_was_looked_at_is_bound_to_the_evidence_that_was_told() -> None:
    seen = {digest_of(Marking("give", "permanent", evidence), []) for evidence in ("A", "B", "A\nB", "")}
    assert len(seen) == 4


def test_spaces_and_line_ends_are_no_evidence() -> None:
    assert evidenced(["", " ", "\n", "\u00a0 ", "mủn"]) == 1
