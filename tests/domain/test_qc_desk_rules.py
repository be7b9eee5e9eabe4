"""Pace, holds and reasons: the rules of an inspector's desk, by themselves."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.qc.domain.holds import is_held_by, is_held_by_another
from services.qc.domain.inspection import MustSee, must_see
from services.qc.domain.pace import pages_a_minute, seconds_left
from services.qc.domain.reasons import FILE, reasons, told

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def moments(*gaps: float) -> list[datetime]:
    """Give moments that lie so many seconds apart."""
    found = [NOON]
    for gap in gaps:
        found.append(found[-1] + timedelta(seconds=gap))
    return found


@pytest.mark.parametrize(
    ("gaps", "pace"),
    [((6, 6, 6), 10.0), ((6, 301, 6), 10.0), ((300, 300), 0.2), ((301,), None), ((), None), ((0, 0), None)],
)
def test_a_pace_leaves_out_pauses_of_more_than_five_minutes(gaps: tuple[float, ...], pace: float | None) -> None:
    assert pages_a_minute(moments(*gaps)) == pace
    assert pages_a_minute(moments(*gaps)[::-1]) == pace, "in whatever order they are told"


def test_verdicts_of_a_queue_that_came_together_count_as_the_pages_they_are() -> None:
    assert pages_a_minute(moments(60, 0, 0, 0, 0)) == 5.0


@pytest.mark.parametrize(("pages", "pace", "left"), [(20, 10.0, 120), (0, None, 0), (5, None, None), (1, 0.5, 120)])
def test_the_time_left_is_told_only_when_there_is_a_pace(pages: int, pace: float | None, left: int | None) -> None:
    assert seconds_left(pages, pace) == left


def test_a_hold_is_somebodys_until_the_moment_it_ends() -> None:
    lan, minh, until = uuid4(), uuid4(), NOON + timedelta(minutes=1)
    assert is_held_by(lan, until, lan, NOON)
    assert is_held_by_another(lan, until, minh, NOON)
    assert not is_held_by(lan, until, lan, until)
    assert not is_held_by_another(lan, until, minh, until)
    assert not is_held_by_another(lan, until, lan, NOON)
    assert not is_held_by_another(None, None, lan, NOON)


@pytest.mark.parametrize(
    ("judgement", "is_sampled", "version", "why"),
    [
        ("pass", False, 1, ()),
        ("review", False, 1, (MustSee.FLAGGED,)),
        ("pass", True, 1, (MustSee.SAMPLED,)),
        ("fail", True, 2, (MustSee.FLAGGED, MustSee.RESCANNED)),
        (None, False, 1, ()),
    ],
)
def test_why_a_page_must_be_seen(
    judgement: str | None, is_sampled: bool, version: int, why: tuple[MustSee, ...]
) -> None:
    assert must_see(judgement, is_sampled, version) == why


def test_every_reason_has_words_in_both_languages() -> None:
    assert FILE.exists()
    for reason in reasons().values():
        assert reason.words["vi"] != reason.words["en"]
        assert all(reason.words.values())


def test_a_reason_is_told_with_its_note_and_a_verdict_from_before_there_were_codes_by_its_note_alone() -> None:
    assert told("blurred", "mờ nửa trang") == "Ảnh mờ, không nét: mờ nửa trang"
    assert told("blurred", "", "en") == "Blurred"
    assert told("", "không đọc được") == "không đọc được"
