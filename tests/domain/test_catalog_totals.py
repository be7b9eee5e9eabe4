"""What a selection list adds up to."""

import pytest

from services.catalog.domain.totals import a4_pages


@pytest.mark.parametrize(
    ("pages", "sizes", "a4"),
    [
        (10, {}, 10),
        (10, {"A4": 8, "A3": 2}, 12),
        (10, {"A3": 2}, 12),  # the size of eight is not told
        (4, {"A0": 1, "A1": 1, "A2": 1, "other": 1}, 29),
        (10, {"A5": 10}, 10),
    ],
)
def test_a_larger_page_counts_for_as_many_a4_pages_as_it_is_large(pages: int, sizes: dict[str, int], a4: int) -> None:
    assert a4_pages(pages, sizes) == a4
