"""Which reading forms a correction makes anew, and from which pages of the older ones."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.documents import DocumentPages
from services.ingest.domain.renewal import Naming, Portion, Renewal, renewals

LAST = 12
BEFORE = Naming("Hồ sơ mẫu", "Ủy ban", "H49.1", "urn:P01:uuid:1")
TWO = (DocumentPages(1, "Tờ trình", 1, 2), DocumentPages(2, "Quyết định", 3, 5))
ALL = (1, 2, 3, 4, 5)


def made(newer: tuple[DocumentPages, ...], after: Naming = BEFORE, numbers: tuple[int, ...] = ALL) -> list[Renewal]:
    return list(renewals(TWO, BEFORE, newer, after, numbers))


def test_what_says_the_same_is_not_made_anew() -> None:
    assert made(TWO) == []
    assert made(TWO, replace(BEFORE, title="Hồ sơ khác")) == [], "the dossier's title is in no form of its documents"


def test_a_new_title_makes_one_form_and_a_new_code_or_fonds_each() -> None:
    (one,) = made((TWO[0], replace(TWO[1], title="Nghị quyết")))
    assert (one.document.number, one.words.title, one.is_divided) == (2, "Nghị quyết", False)
    assert one.portions == (Portion(2, 1, 3, 3, 5),)
    assert len(made(TWO, replace(BEFORE, file_code="H49.2"))) == 2
    assert len(made(TWO, replace(BEFORE, fonds_title="Hội đồng"))) == 2
    assert made(TWO, replace(BEFORE, file_code="H49.2"))[1].words.identifier == "H49.2.2"


def test_a_document_without_a_title_is_called_as_its_dossier() -> None:
    whole = (DocumentPages(1, "", 1, 5),)
    (one,) = renewals(whole, BEFORE, whole, replace(BEFORE, title="Hồ sơ khác"), ALL)
    assert one.words.title == "Hồ sơ khác"


def test_the_one_document_of_a_dossier_that_is_not_itemised_has_the_code_that_names_its_file() -> None:
    whole = replace(BEFORE, whole="H49.1")
    (one,) = (DocumentPages(1, BEFORE.title, 1, 5),)
    assert whole.words_of(one).identifier == "H49.1"
    assert [each.words.identifier for each in renewals((one,), whole, TWO, BEFORE, ALL)] == ["H49.1.1", "H49.1.2"]


def test_another_place_in_the_dossier_is_another_code() -> None:
    (first, *_) = made(
        (DocumentPages(1, "Tờ trình", 1, 1), DocumentPages(2, "Tờ trình", 2, 2), replace(TWO[1], number=3))
    )
    assert (first.is_divided, first.words.source) == (True, "urn:P01:uuid:1, 1-1")
    moved = made((DocumentPages(1, "x", 1, 1), DocumentPages(2, "x", 2, 2), replace(TWO[1], number=3)))[-1]
    assert (moved.words.identifier, moved.is_divided) == ("H49.1.3", False)


def test_pages_that_were_left_out_are_in_no_form() -> None:
    (one,) = made((TWO[0], replace(TWO[1], title="Nghị quyết")), numbers=(1, 2, 5))
    assert (one.portions, one.page_count) == ((Portion(2, 1, 1, 3, 5),), 1)
    assert made((TWO[0], replace(TWO[1], title="Nghị quyết")), numbers=(1, 2)) == []


def divisions() -> st.SearchStrategy[tuple[DocumentPages, ...]]:
    """Divide the pages into documents."""

    def divided(cuts: int) -> tuple[DocumentPages, ...]:
        ends = [0, *marked(cuts), LAST]
        return tuple(DocumentPages(at, f"{at}", one + 1, two) for at, (one, two) in enumerate(pairwise(ends), 1))

    return st.integers(0, 2 ** (LAST - 1) - 1).map(divided)


def marked(bits: int) -> list[int]:
    """Give the pages whose bits are set."""
    return [page for page in range(1, LAST + 1) if bits >> (page - 1) & 1]


@given(divisions(), divisions(), st.integers(1, 2**LAST - 1).map(marked))
def test_each_form_has_the_sealed_pages_of_its_document_in_order(
    older: tuple[DocumentPages, ...], newer: tuple[DocumentPages, ...], numbers: list[int]
) -> None:
    lying = {each.number: [page for page in numbers if each.first_page <= page <= each.last_page] for each in older}
    found = list(renewals(older, BEFORE, newer, replace(BEFORE, file_code="H49.2"), numbers))
    drawn = {
        each.document.number: [
            page for part in each.portions for page in lying[part.document][part.first_place - 1 : part.last_place]
        ]
        for each in found
    }
    wanted = {each.number: [page for page in numbers if each.first_page <= page <= each.last_page] for each in newer}
    assert drawn == {number: pages for number, pages in wanted.items() if pages}
    assert all(each.page_count == len(drawn[each.document.number]) for each in found)
