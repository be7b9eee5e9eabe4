"""What keeps a dossier off a list: every gate closes without its proof, and says so in words."""

import pytest

from services.catalog.domain.eligibility import WORDS, Candidate, reasons_against

RIGHT: dict[str, object] = {
    "file_code": "H49.1954.1", "page_count": 5, "is_arranged": True, "arrangement_number": "1/BB",
    "arrangement_on": "2024", "secrecy_by": "Lan", "evidenced_criteria": 1,
}  # fmt: skip
LONG = "no_room_for_document_numbers"
REMOVED: dict[str, object] = {"secrecy": "removed", "removed_sheet_count": 2, "secrecy_by": "Lan"}


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [({}, []), ({"retention": "02"}, ["not_permanent"]), ({"is_arranged": False}, ["not_arranged"]),
     ({"arrangement_number": ""}, ["arrangement_unproven"]), ({"arrangement_on": None}, ["arrangement_unproven"]),
     ({"is_legible": False}, ["illegible"]), ({"secrecy": "secret"}, ["secret"]),
     ({"evidenced_criteria": 0}, ["no_criterion_with_evidence"]), ({"page_count": 0}, ["no_pages"]),
     ({"secrecy": "expired"}, ["expiry_unproven"]), ({"secrecy": "expired", "secrecy_decision": "5/QĐ"}, []),
     ({"secrecy_by": ""}, ["secrecy_unchecked"]), ({"has_secret_document": True}, ["secret_document"]),
     (REMOVED, []), ({**REMOVED, "removed_sheet_count": None}, ["removal_unproven"]),
     ({**REMOVED, "secrecy_by": ""}, ["removal_unproven"]),
     ({"file_code": "H49.64.33.2001.160.KT-1"}, []), ({"file_code": "H49.64.33.2001.160.KT-12"}, [LONG]),
     ({"file_code": "H49.64.33.2001.160.KT-1", "document_count": 10}, [LONG]),
     ({"is_arranged": False, "secrecy": "secret", "evidenced_criteria": 0},
      ["not_arranged", "secret", "no_criterion_with_evidence"])],
)  # fmt: skip
def test_a_dossier_is_eligible_when_nothing_speaks_against_it(changes: dict[str, object], reasons: list[str]) -> None:
    told = Candidate(**{**RIGHT, **changes})  # type: ignore[arg-type] # names are those of the fields
    assert list(reasons_against(told)) == reasons
    assert all(WORDS[reason].vi and WORDS[reason].en for reason in reasons)
