"""What nobody sees, and what turns the direction of text, is told from what only looks unusual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.text import is_visible, seen, unseen_in

UNSEEN = [
    "\u200b",
    "\ufffe",
    "\uffff",
    "\ufdd0",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u200e",
    "\u200d",
    "\u2060",
    "\U000e0041",
]
PERSIAN = "\N{ARABIC LETTER MEEM}\N{ARABIC LETTER FARSI YEH}\u200c\N{ARABIC LETTER KHAH}"
SHOWN = ["Hồ sơ", "𠄼𡗶 漢喃", "葛\U000e0100", "תיק", PERSIAN, "ក្រុម\u200dខ", "ꨆ\u200dꨇ", "a\u00adb", "\ue123", "  ", ""]


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_sees_is_found_and_left_out(sign: str) -> None:
    assert (seen(sign), seen(f"a{sign}b"), unseen_in(f"a{sign}b")) == ("", "ab", [f"U+{ord(sign):04X}"])


@pytest.mark.parametrize("text", SHOWN)
def test_letters_of_other_scripts_and_joiners_that_they_need_stay(text: str) -> None:
    assert (seen(text), unseen_in(text)) == (text, [])


@pytest.mark.parametrize("text", ["\u00ad", "\u3164", "\u2800 \u115f", "\u0301", "\ufe0f"])
def test_a_text_of_which_nothing_shows_is_blank(text: str) -> None:
    assert (seen(text), is_visible(text)) == ("", False)
    assert unseen_in(text)


@given(st.text())
def test_leaving_it_out_once_is_enough(text: str) -> None:
    assert unseen_in(seen(text)) == []
