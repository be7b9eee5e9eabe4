"""Values kept as bytes come back as they were, and a package made of them is the one made of the values at hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.eark.build import build_package
from shared.eark.description import DOCUMENTS, PAGES, READINGS, DossierContent
from shared.eark.kept import BLOCK, Kept
from shared.eark.package import GeneratedFile
from shared.events.catalog import DocumentDescription
from tests.sample_package import (
    AIP,
    DOSSIER,
    FONDS,
    MASTERS,
    SIP,
    described,
    form_of,
    package_page,
    page_bytes,
    with_readings,
)

NUMBERS = TypeAdapter(tuple[int, ...])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TOLD = st.fixed_dictionaries(
    {"title": WORDS, "issuer": WORDS, "keywords": WORDS, "note": WORDS},
    optional={
        "type_code": st.sampled_from(["QĐ", "TTr"]),
        "issued_on": st.sampled_from(["1954", "1954-03", "1954-03-02"]),
        "languages": st.sampled_from([("01",), ("01", "03")]),
        "has_workflow": st.booleans(),
        "physical_condition": st.sampled_from(["01", "02"]),
    },
)


def kept(dossier: DossierContent) -> DossierContent:
    """Give the same dossier with all that may be much laid down."""
    return replace(
        dossier,
        documents=Kept(DOCUMENTS, dossier.documents),
        pages=Kept(PAGES, dossier.pages),
        readings=Kept(READINGS, dossier.readings),
    )


def bodies(made: list[GeneratedFile]) -> dict[str, bytes]:
    return {each.file.path: each.body for each in made}


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 200_000])
def test_what_is_kept_is_a_sequence_of_the_same_values(count: int) -> None:
    told = Kept(NUMBERS, iter(range(count)))
    assert len(told) == count
    assert told == tuple(range(count))
    assert list(told) == list(range(count))
    assert told[-3:] == tuple(range(count))[-3:]
    assert told != (*range(count), 1)
    with pytest.raises(IndexError):
        told[count]


def test_two_readers_of_what_is_kept_do_not_disturb_each_other() -> None:
    told = Kept(NUMBERS, range(3 * BLOCK))
    slow = iter(told)
    assert [next(slow) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert [a - b for a, b in zip(told, told, strict=True)] == [0] * len(told)
    assert (told[2 * BLOCK], next(slow), told[0]) == (2 * BLOCK, 5, 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TOLD, min_size=1, max_size=6), st.sampled_from(["tt05-2025", "csip-2.1", "csip-2.2"]))
def test_a_package_of_kept_values_has_the_bytes_of_one_whose_values_are_at_hand(
    told: list[dict[str, object]], profile: str
) -> None:
    documents = tuple(
        DocumentDescription.model_validate({"number": each, "first_page": each, "last_page": each, **fields})
        for each, fields in enumerate(told, 1)
    )
    pages = tuple(package_page(each, page_bytes(each)) for each in range(1, len(told) + 1))
    for kind, objid in (("AIP", AIP), ("SIP", SIP)):
        form = form_of(kind, profile)  # type: ignore[arg-type]
        dossier = with_readings(form, DossierContent(FONDS, DOSSIER, documents, pages))
        described_as = described(objid, form=form, parts=(MASTERS,), copies=2)
        assert bodies(build_package(described_as, kept(dossier))) == bodies(build_package(described_as, dossier))
