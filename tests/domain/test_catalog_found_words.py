"""The words that a dossier is found by: its own and its documents', placed as far as there are places."""

from typing import Any

import pytest

from services.catalog.domain.finding_errors import SearchUnclear
from services.catalog.domain.found_words import words_of
from services.catalog.domain.searching import holds, phrases_in

DOSSIER = {"file_code": "H49.1", "title": "Đắp đê", "keywords": "", "paper_file_code": "", "note": ""}
UNTOLD = dict.fromkeys(("title", "issuer", "keywords", "autograph", "note", "code_number", "code_notation"), "")


def document(**told: object) -> dict[str, Any]:
    """Make what a document says."""
    return {**UNTOLD, "access_level": None, **told}


def test_every_text_of_a_document_counts_and_no_phrase_reaches_from_one_to_another() -> None:
    told = {"title": "Tờ trình", "issuer": "Ty Công chính", "keywords": "lũ", "autograph": "xem", "note": "rách"}
    words = words_of(DOSSIER, [document(**told, code_number="12", code_notation="TTr-UB"), document(title="Bản vẽ")])
    for asked in ("to trinh", "ty cong chinh", "lu", "xem", "rach", "12/TTr-UB", "ban ve"):
        assert holds(words, phrases_in(f'"{asked}"')[0]), asked
    assert not holds(words, phrases_in('"ban ve to trinh"')[0])
    assert not holds(words, phrases_in('"cong chinh lu"')[0])


def test_what_many_documents_say_alike_counts_once_and_a_secret_not_at_all() -> None:
    many = [document(issuer="Ủy ban", title=f"Báo cáo {number}") for number in range(5)]
    words = words_of(DOSSIER, [*many, document(title="Kế hoạch mật", access_level="03")])
    assert words.count("uy") == 1
    assert words.count("bao") == 5
    assert "mat" not in words


def test_what_is_beyond_the_places_is_found_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.catalog.domain.found_words.MOST_PLACED", 10)
    words = words_of(DOSSIER, [document(title=f"Báo cáo về đê số {number}") for number in range(50)])
    assert words[:5] == ["h49", "1", "u00b6", "dap", "de"]
    assert all(holds(words, phrases_in(each)[0]) for each in ("bao", "so", "49"))
    assert not holds(words, phrases_in('"so 49"')[0])
    monkeypatch.setattr("services.catalog.domain.found_words.MOST_FURTHER", 2)
    assert len(words_of(DOSSIER, [document(title=" ".join(map(str, range(500))))])) == 14


def test_what_stands_between_fields_is_not_found_by_who_types_it() -> None:
    words = words_of(DOSSIER, [])
    typed = words_of({**DOSSIER, "note": "U00B6"}, [])
    assert not holds(words, phrases_in("u00b6")[0])
    assert holds(typed, phrases_in("u00b6")[0])
    for beginning in ("u0*", "u00b*"):
        with pytest.raises(SearchUnclear):
            phrases_in(beginning)
