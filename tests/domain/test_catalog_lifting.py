"""What would lift a finding of secrecy, and what of an older version comes back beside one."""

from dataclasses import replace
from typing import Any

import pytest

from services.catalog.domain.description import Description
from services.catalog.domain.lifting import NOTHING, Findings

PLAIN = Description(file_code="A", title="Hồ sơ", page_count=10, document_count=3)
PAPER = "9/BB, 01/06/2026"
SECRET = replace(PLAIN, secrecy="secret", access_level="03", secrecy_by="B", secrecy_decision=PAPER)
REMOVED = replace(PLAIN, secrecy="removed", removed_sheet_count=2, secrecy_by="B", secrecy_decision=PAPER)
EXPIRED = replace(PLAIN, secrecy="expired", secrecy_decision="1/QĐ")


def codes(found: Findings, before: Description, told: Description, **allowed: bool) -> list[str]:
    """Give the kinds of faults."""
    return [wrong.code for wrong in found.wrongs_of(before, told, **{"secrets_allowed": False, **allowed})]


@pytest.mark.parametrize("told", [PLAIN, EXPIRED, REMOVED, replace(REMOVED, removed_sheet_count=None)])
def test_nothing_was_found_and_everything_may_be_told(told: Description) -> None:
    assert codes(NOTHING, REMOVED, told) == []


def test_what_is_secret_counts_as_found_where_no_secrets_are_kept() -> None:
    assert codes(NOTHING, SECRET, PLAIN) == ["secrecy_was_found"]
    assert codes(NOTHING, SECRET, PLAIN, secrets_allowed=True) == []
    assert codes(Findings(is_found=True), SECRET, PLAIN, secrets_allowed=True) == ["secrecy_was_found"]


@pytest.mark.parametrize(
    ("changes", "wrongs"),
    [
        ({"secrecy_decision": "2/QĐ"}, []),
        ({"secrecy_decision": ""}, ["secrecy_decision_missing_for_found"]),
        ({"secrecy_decision": PAPER}, ["secrecy_decision_missing_for_found"]),
    ],
)
def test_the_paper_of_the_finding_is_no_decision_that_it_is_over(changes: dict[str, Any], wrongs: list[str]) -> None:
    assert codes(Findings(is_found=True), SECRET, replace(EXPIRED, **changes)) == wrongs


def test_an_expired_term_is_described_further_under_its_decision() -> None:
    assert codes(Findings(is_found=True), EXPIRED, replace(EXPIRED, title="Tên mới")) == []


@pytest.mark.parametrize("since", [0, 4])
def test_sheets_become_fewer_only_where_no_document_was_taken_out(since: int) -> None:
    found = Findings(is_found=True, since=since)
    assert codes(found, REMOVED, replace(REMOVED, removed_sheet_count=1)) == (
        ["removed_sheet_count_fewer_than_found"] if since else []
    )


def test_an_older_version_takes_over_the_secrecy_of_now() -> None:
    was = replace(PLAIN, title="Tên cũ", document_count=4)
    assert NOTHING.kept(REMOVED, was, 1, 3) == was
    kept = Findings(is_found=True, since=4).kept(REMOVED, was, 3, 3)
    assert kept == replace(REMOVED, title="Tên cũ", document_count=3)
    assert Findings(is_found=True, since=4).kept(REMOVED, was, 3, 0).document_count is None
    assert Findings(is_found=True, since=4).kept(REMOVED, was, 4, 0).document_count == 4


@pytest.mark.parametrize(("now", "was"), [(SECRET, PLAIN), (EXPIRED, SECRET)])
def test_the_access_level_does_not_contradict_the_secrecy_of_now(now: Description, was: Description) -> None:
    assert Findings(is_found=True).kept(now, was, 1, 0).access_level == now.access_level
