"""What dossiers are made of: described, refused, remembered, told to others."""

from typing import Any

from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, catalog_desk

MADE: dict[str, Any] = {
    "kind": "map", "carrier": "cloth", "conditions": ["torn", "foxed"], "is_legible": False,
    "sheet_sizes": {"A1": 1, "A3": 2}, "page_sizes": {"A1": 2, "A3": 4}, "box": "12", "shelf": "G3",
    "arrangement_number": "12/BB-CL", "arrangement_on": "2024-03-01", "removed_sheet_count": 2, "secrecy_by": "Lan",
    "secrecy_decision": "5/QĐ-UBND",
}  # fmt: skip


async def test_what_a_dossier_is_made_of_is_kept_and_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(**MADE)
        url = f"/catalog/dossiers/{dossier_id}"
        plain = {"file_code": "H49.1954.1", "title": "Hồ sơ 1", "page_count": 10, **ARRANGED}
        changed = (await desk.put(url, plain)).json()
        restored = await desk.archivist.post(f"{url}/restoration", json={"version": 1}, headers={"If-Match": '"2"'})
        past = (await desk.auditor.get(f"{url}/history")).json()["items"]
    assert {name: changed[name] for name in MADE} == {
        "kind": None, "carrier": None, "conditions": [], "is_legible": True, "sheet_sizes": {}, "page_sizes": {},
        "box": "", "shelf": "", "arrangement_number": "1/BB-CL", "arrangement_on": "2024", "removed_sheet_count": None,
        "secrecy_by": "Nguyễn Thị Lan", "secrecy_decision": "",
    }  # fmt: skip
    assert {name: restored.json()[name] for name in MADE} == MADE
    assert {name: past[-1]["content"]["description"][name] for name in MADE} == MADE


async def test_saying_the_same_sizes_in_another_order_changes_nothing(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(page_sizes={"A4": 4, "A3": 2})
        told = {"file_code": "H49.1954.1", "title": "Hồ sơ 1", "page_count": 10, **ARRANGED}
        again = await desk.put(f"/catalog/dossiers/{dossier_id}", {**told, "page_sizes": {"A3": 2, "A4": 4}})
    assert (again.status_code, again.json()["version"], list(again.json()["page_sizes"])) == (200, 1, ["A3", "A4"])


async def test_codes_are_listed_with_their_words(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        codes = (await desk.auditor.get("/catalog/codes")).json()["items"]
        told = {"fonds_id": desk.fonds_id, "file_code": "X", "title": "X", "page_count": 1, "carrier": "nhựa"}
        wrong = await desk.archivist.post("/catalog/dossiers", json=told)
    assert {"field": "carrier", "code": "giay_do", "vi": "Giấy dó", "en": "Giấy dó (bark paper)"} in codes
    assert {"field": "type_code", "code": "30", "vi": "Bản đồ", "en": "Map"} in codes
    assert wrong.json()["fields"] == [{"field": "carrier", "code": "carrier_unknown"}]
