"""Vietnamese typed before Unicode is recognised and read; nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.legacy_text import TCVN3, vni
from services.catalog.domain.recognising import doubt_of, likely, recognised
from services.catalog.domain.syllable import _is_syllable, is_syllable

SENTENCES = [
    "hồ sơ về việc đắp đê sông hồng",
    "quyết định số 12/qđ-ub ngày 3/4/1954",
    "đất đai",
    "thư paul doumer gửi khâm sứ",
    "khuya khoắt nguyệt quê, phường nguyễn huệ",
    "biên bản bàn giao tài sản của ủy ban kháng chiến hành chính tỉnh",
]
OTHERS = [
    "Hồ sơ về việc đắp đê sông Hồng",
    "Đắk Lắk, Krông Pắc",
    "Résidence supérieure au Tonkin: école, hôpital, août 1932",
    "Café de la Gare à Hanoï",
    "Société française des Distilleries de l'Indochine",
    "Müller & Søn",
    "½ trang, 10 µm, 20 °C, § 5",
    "«Tây tiến»",
    "goût, fête, forêt, thèse, bêche",
    "越南",
    "H49.64.1954.001",
    "",
]
IN_TCVN3 = {told: key for key, told in TCVN3.items()}
IN_VNI = {told: key for key, told in reversed(vni().items())}


def typed(text: str, table: dict[str, str]) -> str:
    """Give text as somebody typed it in an older encoding."""
    return "".join(table.get(letter, letter) for letter in text)


@pytest.mark.parametrize("text", SENTENCES)
def test_both_old_encodings_are_read(text: str) -> None:
    assert recognised(typed(text, IN_TCVN3)) == (text, "tcvn3")
    assert recognised(typed(text, IN_VNI)) == (text, "vni")
    assert recognised(typed(text.title(), IN_VNI)) == (text.title(), "vni")


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo công tác thủy lợi huyện Krông Pắc",
        "ủy ban hành chính tỉnh Đắk Lắk",
        "hồ sơ người Xtiêng và Mnông ở Đăk Đoa, Chư Păh",
    ],
)
def test_names_of_the_highlands_do_not_hide_an_encoding(text: str) -> None:
    assert recognised(text) is None
    for table, encoding in ((IN_TCVN3, "tcvn3"), (IN_VNI, "vni")):
        read = recognised(typed(text, table))
        assert read is not None
        assert (read[0].casefold(), read[1]) == (text.casefold(), encoding), "toned capitals have no sign in TCVN3"


@pytest.mark.parametrize("text", ["Krông Nô", "Đắk Lắk", "Xtiêng", "Krông Ana, Cư Kuin"])
def test_a_name_of_the_highlands_alone_is_as_good_as_it_stands(text: str) -> None:
    assert (recognised(text), doubt_of(text)) == (None, "")


@pytest.mark.parametrize("text", [*SENTENCES, *OTHERS])
def test_unicode_other_languages_and_signs_stay(text: str) -> None:
    assert recognised(text) is None


@given(st.text())
def test_what_is_read_is_vietnamese_and_reading_it_again_changes_nothing(text: str) -> None:
    known = recognised(text)
    if known:
        assert recognised(known[0]) is None


def test_a_long_word_is_told_without_being_remembered() -> None:
    before = _is_syllable.cache_info().currsize
    assert recognised("µ" * 30_000) is None
    assert not is_syllable("a" * 30_000)
    assert _is_syllable.cache_info().currsize == before


@pytest.mark.parametrize("word", ["đường", "Nguyễn", "quốc", "giếng", "khuya", "nghiêng", "ủy", "à", "thuở", "gì"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["hå", "ñai", "goỷt", "gỏt", "fờte", "strông", "đđ", "", "ấấ"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


FRENCH = [
    "Route de Laï-Thiêu",
    "Pays Thaï Blanc, Laï Châu",
    "Pays Moï, Laï",
    "Citadelle de Hué; palais de Hué",
    "Hoà Bình, Thaï",
]


@pytest.mark.parametrize("text", FRENCH)
def test_what_french_writes_too_is_no_evidence(text: str) -> None:
    assert recognised(text) is None


def test_what_says_too_little_is_read_where_the_file_speaks_for_it_and_told_where_not() -> None:
    assert likely("Quèc héi") == recognised("Quèc héi", "tcvn3") == ("Quốc hội", "tcvn3")
    assert (recognised("Quèc héi"), doubt_of("Quèc héi")) == (None, "perhaps_legacy")
    assert (recognised("Hå s¬ ®Êt", "keep"), doubt_of("Hå s¬ ®Êt", "keep")) == (None, "")
    assert (recognised("Hå s¬ ®Êt", "unicode"), doubt_of("Hå s¬ ®Êt", "unicode")) == (None, "perhaps_legacy")


@pytest.mark.parametrize("signs", ["– {} –", "“{}”", "‘{}’ …", "{} • 5 €", "{} 漢喃"])  # noqa: RUF001 - the signs meant
def test_signs_that_no_encoding_has_do_not_hide_it(signs: str) -> None:
    for read, table, encoding in (("hồ sơ đất đai", IN_TCVN3, "tcvn3"), ("hồ sơ đất đai", IN_VNI, "vni")):
        assert recognised(signs.format(typed(read, table))) == (signs.format(read), encoding)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Hå s¬ vÒ ®Êt ®ai QĐ-UB", "mixed_encodings"),
        ("Hồ sơ vÒ ®Êt ®ai", "mixed_encodings"),
        ("Hồ sơ ñaát ñai", "mixed_encodings"),
        ("Đ\u00adêng sè 1", "perhaps_legacy"),
        ("Q§.1 ñaát", "perhaps_legacy"),
        ("½ trang", ""),
        ("Đường Pétain, Thaï Nguyên, đảo Hoà", ""),
        *((text, "") for text in OTHERS[:5]),
    ],
)
def test_what_is_neither_is_doubtful(text: str, doubt: str) -> None:
    assert (recognised(text), doubt_of(text)) == (None, doubt)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("HéI §åNG NH¢N D¢N TØNH", "HỘI ĐỒNG NHÂN DÂN TỈNH"),
        ("Hå s¬ §Êt §ai", "Hồ sơ Đất Đai"),
        ("Hå S¬ §Êt §ai", "Hồ Sơ Đất Đai"),
        ("HéI nghÞ lÇn II", "HỘI nghị lần II"),
        ("Tæ, µ", None),
        ("Hå S¬ §ÊT", "HỒ SƠ ĐẤT"),
    ],
)
def test_toned_letters_are_raised_among_capitals(text: str, read: str | None) -> None:
    assert recognised(text) == ((read, "tcvn3") if read else None)
