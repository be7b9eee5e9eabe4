"""Ranges and conditions on a package's content, as RFC 9110 §13 and §14 have them."""

import pytest

from services.handover.domain.conditions import Outcome, outcome_of
from services.handover.domain.ranges import Wanted, wanted_of

SIZE = 1000
WHOLE = Wanted(0, SIZE, is_part=False)
TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, WHOLE),
        ("bytes=0-9", Wanted(0, 10, is_part=True)),
        ("BYTES=0-9", Wanted(0, 10, is_part=True)),
        ("Bytes=990-", Wanted(990, 10, is_part=True)),
        ("bytes=-10", Wanted(990, 10, is_part=True)),
        ("bytes=000-00000000000000000000009", Wanted(0, 10, is_part=True)),
        ("bytes=990-99999999999999999999", Wanted(990, 10, is_part=True)),
        ("bytes=-99999999999999999999", Wanted(0, SIZE, is_part=True)),
        ("bytes=-" + "9" * 5000, Wanted(0, SIZE, is_part=True)),
        ("bytes=1000-", None),
        ("bytes=99999999999999999999-", None),
        ("bytes=99999999999999999998-99999999999999999999", None),
        ("bytes=-0", None),
        ("bytes=9-0", WHOLE),
        ("bytes=2000-1000", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=0-0,5-9", WHOLE),
        ("bytes=٣-٤", WHOLE),
        ("lines=0-9", WHOLE),
        ("bytes 0-9", WHOLE),
    ],
)
def test_a_range_is_read_against_the_size(header: str | None, wanted: Wanted | None) -> None:
    assert wanted_of(header, SIZE) == wanted


@pytest.mark.parametrize(
    ("if_match", "if_none_match", "outcome"),
    [
        (None, None, Outcome.SEND),
        (None, TAG, Outcome.HELD),
        (None, "*", Outcome.HELD),
        (None, f"W/{TAG}", Outcome.HELD),
        (None, f'"x", {TAG} ,"y"', Outcome.HELD),
        (None, f'"x,y",W/{TAG}', Outcome.HELD),
        (None, '"x", "y"', Outcome.SEND),
        (None, "abc", Outcome.SEND),
        (TAG, None, Outcome.SEND),
        ("*", None, Outcome.SEND),
        (f'"x", {TAG}', None, Outcome.SEND),
        ('"x"', None, Outcome.ANOTHER),
        (f"W/{TAG}", None, Outcome.ANOTHER),
        ('"x"', TAG, Outcome.ANOTHER),
        (TAG, TAG, Outcome.HELD),
    ],
)
def test_if_match_is_weighed_strongly_and_before_if_none_match(
    if_match: str | None, if_none_match: str | None, outcome: Outcome
) -> None:
    assert outcome_of(if_match, if_none_match, TAG) is outcome
