"""Rules of three services that decide about people and counts: separation, samples, explanations."""

from uuid import UUID, uuid4

import pytest

from services.catalog.domain.separation import demand_other_person
from services.catalog.errors import OwnList
from services.ingest.domain.counts import demand_explained, demand_same_count
from services.ingest.errors import CountsDiffer, ExplanationMissing, NothingScanned
from services.qc.domain.inspection import drawn, may_draw

LAN, MINH, AN = uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize(("editors", "submitter"), [([LAN], None), ([MINH, LAN], MINH), ([MINH], LAN)])
def test_whoever_had_a_hand_in_a_list_does_not_decide_on_it(editors: list[UUID], submitter: UUID | None) -> None:
    with pytest.raises(OwnList):
        demand_other_person(LAN, editors, submitter)


def test_another_person_decides() -> None:
    demand_other_person(AN, [LAN, MINH], MINH)


@pytest.mark.parametrize(("passed", "expected"), [(0, 0), (1, 1), (20, 1), (21, 2), (200, 10)])
def test_a_twentieth_of_what_passed_is_looked_at_and_at_least_one_page(passed: int, expected: int) -> None:
    pages = [uuid4() for _ in range(passed)]
    sample = drawn(pages, seed=7)
    assert len(sample) == expected
    assert sample <= set(pages)
    assert drawn(pages[::-1], seed=7) == sample, "the seed alone decides"


def test_a_sample_is_drawn_of_all_pages_or_not_yet() -> None:
    assert may_draw(["pass", "fail"], 2)
    assert not may_draw(["pass", None], 2)
    assert not may_draw(["pass"], 2)
    assert not may_draw(["pass"], None)


@pytest.mark.parametrize(("expected", "scanned", "last"), [(10, 9, 9), (10, 11, 11), (10, 10, 11)])
def test_a_difference_or_a_gap_needs_an_explanation(expected: int, scanned: int, last: int) -> None:
    with pytest.raises(ExplanationMissing):
        demand_explained(expected, scanned, last, "")
    demand_explained(expected, scanned, last, "tờ 5 đã mất")


def test_what_agrees_needs_none_and_nothing_cannot_be_explained() -> None:
    demand_explained(10, 10, 10, "")
    with pytest.raises(NothingScanned):
        demand_explained(10, 0, 0, "hồ sơ trống")


def test_what_was_sent_must_be_what_arrived() -> None:
    demand_same_count(3, 3)
    with pytest.raises(CountsDiffer):
        demand_same_count(3, 2)
