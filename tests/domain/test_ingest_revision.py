"""Which newer descriptions can be put over what is sealed, and which cannot."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.documents import DocumentPages
from services.ingest.domain.revision import Refusal, revised_documents, says_the_same
from shared.events.catalog import DocumentDescription, DossierApproved
from tests.facts import approved

SETTLED = (DocumentPages(1, "Tờ trình", 1, 2), DocumentPages(2, "Quyết định", 3, 5))


def listed(*documents: tuple[str, int | None, int | None], **told: object) -> DossierApproved:
    event = approved(pages=5)
    made = tuple(
        DocumentDescription(number=number, title=title, first_page=first, last_page=last)
        for number, (title, first, last) in enumerate(documents, start=1)
    )
    description = event.description.model_copy(update=told)
    return event.model_copy(update={"documents": made, "description": description})


SEALED = listed(("Tờ trình", None, None), ("Quyết định", None, None))


def test_documents_take_their_new_titles_and_keep_their_pages() -> None:
    found = revised_documents(SETTLED, SEALED, listed(("Tờ trình sửa", None, None), ("Quyết định", None, None)))
    assert found == (DocumentPages(1, "Tờ trình sửa", 1, 2), DocumentPages(2, "Quyết định", 3, 5))


def test_pages_that_are_told_as_they_were_sealed_fit() -> None:
    found = revised_documents(SETTLED, SEALED, listed(("a", 1, 2), ("b", 3, 5)))
    assert found == (DocumentPages(1, "a", 1, 2), DocumentPages(2, "b", 3, 5))


def test_pages_that_are_told_otherwise_are_divided_anew() -> None:
    found = revised_documents(SETTLED, SEALED, listed(("a", 1, 3), ("b", 4, 4), ("c", 5, 5)))
    assert found == (DocumentPages(1, "a", 1, 3), DocumentPages(2, "b", 4, 4), DocumentPages(3, "c", 5, 5))
    assert revised_documents(SETTLED, SEALED, listed(("a", 1, 5))) == (DocumentPages(1, "a", 1, 5),)
    assert revised_documents(SETTLED, SEALED, listed(("a", None, None))) == (DocumentPages(1, "a", 1, 5),)
    assert revised_documents(SETTLED, SEALED, listed()) == (DocumentPages(1, "Hồ sơ mẫu", 1, 5),)


def test_other_documents_that_do_not_tell_exactly_the_sealed_pages_are_refused() -> None:
    for told in (
        (("a", 1, 3), ("b", 4, 6)),
        (("a", 1, 3), ("b", 5, 5)),
        (("a", 1, 3), ("b", 3, 5)),
        (("a", 1, 3), ("b", None, None)),
        (("a", None, None), ("b", None, None), ("c", None, None)),
        (("a", 1, 4),),
    ):
        assert revised_documents(SETTLED, SEALED, listed(*told)) is Refusal.DOCUMENTS_MISFIT, told


def test_pages_that_the_list_told_wrong_before_and_still_does_divide_nothing_anew() -> None:
    before = listed(("Tờ trình", 1, 3), ("Quyết định", 4, 5))
    found = revised_documents(SETTLED, before, listed(("Tờ trình", 1, 3), ("Nghị quyết", 4, 5)))
    assert found == (DocumentPages(1, "Tờ trình", 1, 2), DocumentPages(2, "Nghị quyết", 3, 5))


def test_an_operators_own_division_stays_where_the_list_speaks_of_none() -> None:
    assert revised_documents(SETTLED, listed(), listed(title="Hồ sơ về đê")) == SETTLED


def test_one_document_that_is_the_dossier_takes_its_title() -> None:
    sealed, whole = listed(), (DocumentPages(1, "Hồ sơ mẫu", 1, 5),)
    assert revised_documents(whole, sealed, listed(title="Hồ sơ về đê")) == (DocumentPages(1, "Hồ sơ về đê", 1, 5),)


def test_another_fonds_and_a_code_without_room_are_refused() -> None:
    moved = SEALED.model_copy(update={"fonds": SEALED.fonds.model_copy(update={"code": "P02"})})
    assert revised_documents(SETTLED, SEALED, moved) is Refusal.FONDS_CHANGED
    long = SEALED.model_copy(update={"description": SEALED.description.model_copy(update={"file_code": "H" * 24})})
    assert revised_documents(SETTLED, SEALED, long) is Refusal.DOCUMENT_IDS_TOO_LONG


def test_more_documents_than_the_code_has_room_for_are_refused() -> None:
    settled, code = tuple(DocumentPages(number, "x", number, number) for number in range(1, 10)), "H" * 23
    before = listed(*(("x", number, number) for number in range(1, 10)), file_code=code)
    more = [("x", number, number) for number in range(1, 9)]
    after = listed(*more, ("x", 9, 12), file_code=code)
    whole = (*settled[:8], DocumentPages(9, "x", 9, 12))
    assert revised_documents(whole, before, after) == whole, "nine have room"
    ten = listed(*more, ("x", 9, 10), ("y", 11, 12), file_code=code)
    assert revised_documents(whole, before, ten) is Refusal.DOCUMENT_IDS_TOO_LONG


def test_what_no_package_tells_makes_no_difference() -> None:
    other = SEALED.model_copy(update={"version": 7, "criteria": ("permanent",), "year": 2027, "list_sha256": "1" * 64})
    assert says_the_same(SEALED, other)
    assert not says_the_same(SEALED, listed(("Tờ trình", None, None), ("Quyết định", None, None), note="x"))


TITLES, PAGES = st.sampled_from(("Tờ trình", "Quyết định", "")), st.sampled_from((None, 1, 2, 3, 5, 9))


@given(st.lists(st.tuples(TITLES, PAGES, PAGES), max_size=4))
def test_whatever_is_told_every_sealed_page_is_of_one_document(told: list[tuple[str, int | None, int | None]]) -> None:
    found = revised_documents(SETTLED, SEALED, listed(*told))
    if not isinstance(found, Refusal):
        assert [each.number for each in found] == list(range(1, len(found) + 1))
        pages = [page for each in found for page in range(each.first_page, each.last_page + 1)]
        assert pages == [1, 2, 3, 4, 5]
