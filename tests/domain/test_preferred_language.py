"""Which language an answer speaks: the one that weighs most among Vietnamese and English."""

import pytest

from shared.texts import Language, preferred


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, "vi"),
        ("", "vi"),
        (",,,", "vi"),
        ("é", "vi"),
        ("fr", "vi"),
        ("*", "vi"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("vi;q=0.1, en;q=0.2", "en"),
        ("en;q=0.5, vi", "vi"),
        ("en, vi", "vi"),
        ("fr,en;q=0.5", "en"),
        ("en;q=0", "vi"),
        ("vi;q=0, *", "en"),
        ("en;q=0.5, *;q=0.1", "en"),
        ("en ; q=0.8 , vi; Q=0.700", "en"),
        ("enochian", "vi"),
        ("en;q=nan, vi;q=0", "vi"),
        ("en;q=7, vi;q=0.1", "vi"),
    ],
)
def test_the_language_that_weighs_more_is_chosen(asked: str | None, expected: Language) -> None:
    assert preferred(asked) == expected
