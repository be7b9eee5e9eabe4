"""Suggestions: rules of the programme in the language of the filters, each of a criterion that there is."""

from typing import Any

import pytest

from services.catalog.domain.finding_errors import EvidencePlaceUnknown
from services.catalog.domain.programme import Programme
from services.catalog.domain.searching import Search, matches, phrases_in
from services.catalog.domain.suggesting import both, demand_places, filled, rule_of, suggested
from services.catalog.domain.terms import TOLD, entry_of, term

PROGRAMME = Programme.load("decision-71-2023")
TOLD_BY_NOBODY: dict[str, Any] = {
    **dict.fromkeys(TOLD, ""), "languages": [], "conditions": [], "page_sizes": {}, "starts_on": None, "ends_on": None,
    "is_legible": True, "list_id": None, "retention": "01",
}  # fmt: skip


def criteria_suggested(*marked: str, **told: object) -> list[str]:
    whole = {**TOLD_BY_NOBODY, **told}
    entry = entry_of(whole, marked)
    return [each.criterion for each in suggested(whole, entry, PROGRAMME.suggestions, PROGRAMME.criteria)]


def test_every_rule_can_be_asked_and_is_about_a_criterion_of_the_programme() -> None:
    assert PROGRAMME.suggestions
    for rule in PROGRAMME.suggestions:
        assert rule.criterion in PROGRAMME.criteria
        assert rule.evidence
        assert not rule_of(rule, PROGRAMME.criteria).is_open


@pytest.mark.parametrize(
    ("told", "criteria"),
    [({}, ["permanent"]), ({"ends_on": "1974-12-31"}, ["permanent", "before_1975"]),
     ({"ends_on": "1975"}, ["permanent"]),
     ({"starts_on": "1954", "ends_on": "1976"}, ["permanent"]),
     ({"carrier": "leaf"}, ["permanent", "unusual_carrier"]),
     ({"languages": ["01", "09"]}, ["permanent", "unusual_carrier"]), ({"carrier": "paper"}, ["permanent"]),
     ({"note": "Giấy bị RÁCH NÁT nhiều tờ"}, ["permanent", "at_risk"]), ({"title": "Đào kênh rạch"}, ["permanent"]),
     ({"conditions": ["torn"]}, ["permanent", "at_risk"]),
     ({"conditions": ["torn"], "is_legible": False}, ["permanent"]),
     ({"physical_condition": "03"}, ["permanent", "at_risk"]),
     ({"title": "Gia phả họ Trần"}, ["permanent", "notable_people"])],
)  # fmt: skip
def test_what_a_description_lets_expect(told: dict[str, object], criteria: list[str]) -> None:
    assert criteria_suggested(**told) == criteria
    assert criteria_suggested(*PROGRAMME.criteria, **told) == []


def test_evidence_is_filled_in_by_dossier() -> None:
    told = {"starts_on": "1954-03", "ends_on": "1957", "conditions": ["torn", "wet"], "carrier": "giay_do"}
    assert filled("{years}; {conditions}; {carrier}", told) == "1954-1957; rách, ẩm, ngấm nước; giấy dó"
    assert filled("{years}{carrier}", {**told, "starts_on": "1957-01", "carrier": None}) == "1957"


@pytest.mark.parametrize(
    "evidence", ["{years} {carrier}", "Thời gian {years}, vật mang tin {carrier}", "{years}\n{years}"]
)
def test_evidence_that_a_dossier_fills_nothing_of_is_none(evidence: str) -> None:
    told = {"starts_on": None, "ends_on": None, "conditions": ["torn"], "carrier": None}
    assert filled(evidence, told) == ""
    assert filled("Mục lục số 1", told) == "Mục lục số 1"
    assert filled(f"{evidence} {{conditions}}", told) != ""


@pytest.mark.parametrize("evidence", ["{x}", "năm {years}, {title}", "{}", "{Years}", "{ years }"])
def test_a_place_that_nothing_fills_is_refused_with_those_there_are(evidence: str) -> None:
    with pytest.raises(EvidencePlaceUnknown) as refused:
        demand_places(evidence)
    assert refused.value.facts["known"] == ["years", "conditions", "carrier"]
    for suggestion in PROGRAMME.suggestions:
        demand_places(suggestion.evidence)


def test_two_questions_at_once_ask_for_both() -> None:
    one = Search(phrases_in("đê"), {"carrier": (term("carrier", "leaf"),)}, until_year=1960)
    other = Search(phrases_in("sông"), {"carrier": (term("carrier", "wood"),)}, from_year=1950, until_year=1970)
    entry = entry_of({**TOLD_BY_NOBODY, "title": "đê sông", "carrier": "leaf", "starts_on": "1955"}, ())
    assert matches(one, entry)
    assert not matches(both(one, other), entry)
    assert (both(one, other).from_year, both(one, other).until_year) == (1950, 1960)
    assert matches(both(one, Search(phrases_in("sông"))), entry)
