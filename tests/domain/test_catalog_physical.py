"""What a dossier is made of: our code lists, and counts by paper size as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.description import Description, wrongs_of
from services.catalog.domain.physical import CARRIER, CONDITION, KIND, SIZE, sizes_in, sizes_told

TODAY = date(2026, 11, 28)


def test_every_code_has_its_words() -> None:
    for codes in (KIND, CARRIER, CONDITION, SIZE):
        assert all(words.vi and words.en for words in codes.values())
    assert {"paper", "giay_do", "leaf", "wood", "cloth", "leather"} <= CARRIER.keys()
    assert {"friable", "brittle", "torn", "foxed", "faded_text"} <= CONDITION.keys()
    assert list(SIZE) == ["A0", "A1", "A2", "A3", "A4", "A5", "other"]


@given(st.dictionaries(st.sampled_from(sorted(SIZE)), st.integers(1, 99_999)))
def test_counts_by_size_are_read_as_they_are_written(counts: dict[str, int]) -> None:
    assert sizes_in(sizes_told(counts)) == counts
    assert list(sizes_in(sizes_told(counts))) == [size for size in SIZE if size in counts]


@pytest.mark.parametrize("text", ["A4", "A4: 1; A4: 2", "A6: 1", "A4: -1", "A4: 1, A3: 2", "A4: 1.5", "4"])
def test_what_is_no_count_by_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no count"):
        sizes_in(text)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"carrier": "nhựa"}, "carrier_unknown"), ({"kind": "30"}, "kind_unknown"),
     ({"conditions": ("torn", "torn")}, "conditions_repeated"), ({"page_sizes": {"B4": 1}}, "page_sizes_unknown"),
     ({"page_sizes": {"A4": 6, "A3": 5}}, "page_sizes_more_than_there_are"),
     ({"sheet_count": 5, "sheet_sizes": {"A4": 6}}, "sheet_sizes_more_than_there_are"),
     ({"page_sizes": {"A4": 6, "A3": 4}, "conditions": ("torn", "friable"), "carrier": "leaf", "kind": "map"}, None)],
)  # fmt: skip
def test_what_a_dossier_is_made_of_is_held_against_the_lists(changes: dict[str, object], code: str | None) -> None:
    told = Description("H1", "Hồ sơ", 10, **changes)  # type: ignore[arg-type] # names are those of the fields
    assert [wrong.code for wrong in wrongs_of(told, TODAY)] == ([code] if code else [])
