"""What dossiers are made of: described, refused, remembered, told to others."""

from typing import Any

from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, RIGHT, catalog_desk

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


async def test_a_coded_cell_may_say_the_wording_and_a_wrong_one_is_told_all_codes(ground: Ground) -> None:
    said = {"carrier": "giấy dó", "damage": "Mủn; Ẩm, ngấm nước; torn", "kind": "Bản đồ", "language": "Tiếng Pháp;09",
            "format": "hỏng", "maintenance": "Vĩnh viễn", "mode": "Công khai", "legible": "Có"}  # fmt: skip
    async with catalog_desk(ground) as desk:
        told = (await desk.import_rows({**RIGHT, **said})).json()
        (item,) = (await desk.auditor.get("/catalog/dossiers")).json()["items"]
        wrong = (await desk.import_rows({**RIGHT, "carrier": "lụa"}, {**RIGHT, "fileCode": "B", "mode": "Bí"})).json()
        secret = (await desk.import_rows({**RIGHT, "title": "Bí danh", "mode": "Mật"})).json()
        assert ground.files_with("Bí danh") == []
    assert (told["created"], told["errors"]) == (1, [])
    assert (item["carrier"], item["conditions"], item["kind"]) == ("giay_do", ["friable", "wet", "torn"], "map")
    assert (item["languages"], item["physical_condition"], item["retention"], item["access_level"]) == (
        ["03", "09"], "03", "01", "01",
    )  # fmt: skip
    messages = {each["code"]: each["message"] for each in wrong["errors"]}
    assert "giay_do = Giấy dó; leaf = Lá" in messages["carrier_unknown"]
    assert messages["access_level_unknown"].endswith("(01 = Công khai; 02 = Sử dụng có điều kiện; 03 = Mật)")
    assert secret["state"] == "rejected"
