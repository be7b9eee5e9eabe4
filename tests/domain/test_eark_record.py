"""The record of a dossier is read piece by piece, and says what it says when it is read at once."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.eark.description import DossierContent, DossierRecord, LeftOutPage
from shared.eark.errors import PagesDisorderly, RecordUnreadable
from shared.eark.record_reading import content_of
from shared.events.catalog import DocumentDescription
from tests.sample_package import DOSSIER, FONDS, MASTERS, content, described, package_page

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(['\n "pages": [\n', "\n  },\n  {", '"\n ],', '\n "documents": [', "[]", "\\", '\\"\n  }']),
)
DOCUMENTS = st.lists(st.fixed_dictionaries({"title": WORDS, "note": WORDS, "languages": st.lists(WORDS, max_size=3)}))


def written(dossier: DossierContent) -> bytes:
    return b"".join(DossierRecord.written(described(MASTERS), dossier).chunks())


@settings(deadline=None)
@given(DOCUMENTS, st.integers(1, 5), WORDS, WORDS)
def test_what_was_recorded_is_read_back_whatever_its_words_are(
    told: list[dict[str, object]], pages: int, title: str, explanation: str
) -> None:
    documents = tuple(
        DocumentDescription.model_validate({"number": each, **told[each - 1]}) for each in range(1, len(told) + 1)
    )
    dossier = DossierContent(
        FONDS,
        DOSSIER.model_copy(update={"title": title}),
        documents,
        tuple(replace(package_page(each, b"x"), file_name=explanation) for each in range(1, pages + 1)),
        (LeftOutPage(number=9, explanation=explanation),),
    )
    body = written(dossier)
    at_once = DossierRecord.from_bytes(body)
    read = content_of(body)
    assert read == dossier
    assert tuple(read.documents) == at_once.documents
    assert tuple(read.pages) == tuple(page.page() for page in at_once.pages)
    for indent in (None, 2, 4):
        assert content_of(json.dumps(json.loads(body), indent=indent).encode()) == dossier, "written as ours are not"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"format": "something.else"}',
        b'{\n "documents": [',
        b'{\n "documents": [\n',
        written(content())[:-200],
        written(content()).replace(b'"number": 1,', b'"number": "x",'),
        written(content()).replace(b'\n  },\n  {\n   "crc32"', b'\n  }\n  {\n   "crc32"'),
    ],
)
def test_what_is_no_record_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(RecordUnreadable):
        content_of(body)


def test_a_record_whose_pages_are_out_of_order_is_refused() -> None:
    body = written(content((1, 2)))
    with pytest.raises(PagesDisorderly):
        content_of(body.replace(b'"number": 2,', b'"number": 1,').replace(b"/0002.jpg", b"/0001.jpg"))


def test_a_record_of_very_many_documents_is_read_in_little_more_than_its_own_room() -> None:
    program = """
from shared.eark.description import DOCUMENTS, PAGES, DossierContent, DossierRecord
from shared.eark.kept import Kept
from shared.eark.record_reading import content_of
from shared.events.catalog import DocumentDescription
from tests.sample_package import DOSSIER, FONDS, MASTERS, described, package_page

numbers = range(1, 50_001)
documents = Kept(DOCUMENTS, (DocumentDescription(number=each, title=f"Quyết định {each}") for each in numbers))
pages = Kept(PAGES, (package_page(each, b"") for each in numbers))
told = DossierRecord.written(described(MASTERS), DossierContent(FONDS, DOSSIER, documents, pages))
body = b"".join(told.chunks())
peak = lambda: int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024
before = peak()
assert len(content_of(body).documents) == len(numbers)
print(peak() - before)
"""
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True)
    assert int(ran.stdout) < 30  # MiB; read at once it takes 200 more
