"""Differences along a dossier's line: which are open, which are explained."""

from dataclasses import replace

from services.reporting.domain.ledger import Difference, Line, differences

AGREED = Line(
    expected=5, scanned=5, closed_with="", accepted=5, rejected=(), set_aside=None,
    preserved=5, verified_copies=2, delivered=5, received=5,
)  # fmt: skip


def found(line: Line) -> list[tuple[Difference, bool]]:
    return [(each, each.is_open) for each in differences(line)]


def test_a_line_that_agrees_at_every_step_has_no_difference() -> None:
    assert found(AGREED) == []


def test_pages_missing_from_an_open_dossier_are_an_open_difference() -> None:
    line = replace(AGREED, scanned=3, closed_with=None, accepted=None, preserved=None, delivered=None, received=None)
    assert found(line) == [
        (Difference("scanned", 5, 3, ""), True),
        (Difference("accepted", 3, 0, ""), True),
    ]


def test_pages_missing_with_the_operators_words_are_explained() -> None:
    line = replace(AGREED, expected=7, closed_with="hai trang đã mất")
    assert found(line) == [(Difference("scanned", 7, 5, "hai trang đã mất"), False)]


def test_rejected_pages_are_explained_by_the_inspector_page_by_page() -> None:
    line = replace(AGREED, accepted=3, rejected=((2, "rách"), (4, "mờ")), preserved=3, delivered=3, received=3)
    assert found(line) == [(Difference("accepted", 5, 3, "2: rách; 4: mờ"), False)]


def test_rejections_that_do_not_account_for_every_page_leave_the_difference_open() -> None:
    line = replace(AGREED, accepted=3, rejected=((2, "rách"),), preserved=3, delivered=3, received=3)
    assert found(line) == [(Difference("accepted", 5, 3, ""), True)]


def test_a_dossier_set_aside_is_one_explained_difference_and_expects_nothing_further() -> None:
    line = replace(AGREED, accepted=None, set_aside="mốc", preserved=None, delivered=None, received=None)
    assert found(line) == [(Difference("accepted", 5, 0, "mốc"), False)]


def test_what_was_scanned_of_a_withdrawn_dossier_is_explained_and_goes_no_further() -> None:
    line = replace(AGREED, expected=0, withdrawn="trùng", accepted=None, preserved=None, delivered=None, received=None)
    assert found(line) == [(Difference("scanned", 0, 5, "trùng"), False)]
    assert found(replace(line, scanned=0)) == []


def test_accepted_pages_that_are_not_preserved_are_open() -> None:
    line = replace(AGREED, preserved=None, delivered=None, received=None)
    assert found(line) == [(Difference("preserved", 5, 0, ""), True)]


def test_a_single_verified_copy_is_open_although_the_counts_agree() -> None:
    assert found(replace(AGREED, verified_copies=1)) == [(Difference("preserved", 5, 5, ""), True)]


def test_a_package_without_an_answer_is_open() -> None:
    assert found(replace(AGREED, received=None)) == [(Difference("received", 5, 0, ""), True)]
