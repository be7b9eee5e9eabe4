"""The code page of a table of text: what Vietnamese Windows writes is told from Western text and from older fonts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.code_page import as_vietnamese, page_of
from services.catalog.domain.legacy_text import TCVN3, vni
from services.catalog.domain.syllable import TONES, is_syllable
from tests.domain.test_catalog_legacy_text import IN_TCVN3, IN_VNI, SENTENCES, typed

TITLE = "Hồ sơ về việc thành lập tỉnh Đông Hưng"
FRENCH = "Procès-verbal de la séance, Résidence supérieure, août 1932: «école»"
BASES = "aăâeêioôơuưy"
ONSETS = ["", *"bcdđghklmnpqrstvx", "ch", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"]
CODAS = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "o", "u", "y"]
SYLLABLES = (
    st.tuples(
        st.sampled_from(ONSETS),
        st.sampled_from([*BASES, "iê", "uô", "ươ", "oa", "uy", "yê"]),
        st.sampled_from(["", *sorted(TONES)]),
        st.sampled_from(CODAS),
    )
    .map(lambda parts: unicodedata.normalize("NFC", "".join(parts)))
    .filter(is_syllable)
)
WORDS = st.one_of(SYLLABLES, SYLLABLES.map(str.upper), SYLLABLES.map(str.capitalize))


def in_1258(text: str) -> bytes:
    """Give text as Vietnamese Windows writes it: the tones apart, but for letters that its page has whole."""

    def letter(sign: str) -> bytes:
        try:
            return sign.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", sign)
            bare = unicodedata.normalize("NFC", "".join(each for each in apart if each not in TONES))
            return (bare + "".join(each for each in apart if each in TONES)).encode("cp1258")

    return b"".join(map(letter, text))


def as_western(text: str) -> str:
    """Give text in 1258 as one who takes it for 1252 reads it."""
    return in_1258(text).decode("cp1252")


@pytest.mark.parametrize(
    "text", [TITLE, TITLE.upper(), "Đê điều, Đắk Lắk, Krông Pắc", "QĐ-UB, NĐ-CP", f"{TITLE}; {FRENCH}"]
)
def test_vietnamese_windows_is_recognised(text: str) -> None:
    assert page_of([as_western(text)]) == "cp1258"
    assert as_vietnamese(as_western(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "plain",
        "São Paulo, ação, irmã",
        "però, così, lunedì",
        *(typed(text, IN_TCVN3) for text in SENTENCES),
        *(typed(text, IN_VNI) for text in SENTENCES),
        *(typed(text.title(), IN_VNI) for text in SENTENCES),
        typed(TITLE.lower(), IN_TCVN3),
        typed(TITLE, IN_VNI),
    ],
)
def test_western_text_and_older_fonts_are_left_to_be_recognised_cell_by_cell(text: str) -> None:
    assert page_of([text]) == "cp1252"


@pytest.mark.parametrize("text", [f"{as_western(TITLE)} {typed(TITLE.lower(), IN_TCVN3)}", "quyÒn", "tiÒn quyÒn"])
def test_what_may_be_either_is_not_decided(text: str) -> None:
    assert page_of([text]) is None


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_vietnamese_text_comes_back_equal_or_is_not_decided(text: str) -> None:
    read = as_western(text)
    page = page_of([read])
    assert text in {"cp1258": (as_vietnamese(read),), "cp1252": (read,), None: (text,)}[page]
    assert page_of([as_western(f"{TITLE}, {TITLE}"), read]) == "cp1258"


@given(st.sampled_from([TCVN3, vni()]), st.text())
def test_any_text_gets_some_answer(table: dict[str, str], text: str) -> None:
    assert page_of([typed(text, {told: key for key, told in table.items()})]) in ("cp1258", "cp1252", None)
