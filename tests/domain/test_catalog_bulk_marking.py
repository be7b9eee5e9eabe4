"""What becomes of a criterion of many dossiers, and which of them it leaves alone."""

import pytest

from services.catalog.domain.bulk_marking import Act, Marking, Standing

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
    assert marking.standing(marks, after, is_frozen=False) == standing
    assert marking.standing(marks, after, is_frozen=True) == ("frozen" if standing == "open" else standing)
