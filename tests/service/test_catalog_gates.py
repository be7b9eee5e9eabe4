"""The gates before a selection list: each tells in words what keeps a dossier out, until its proof is there."""

from typing import Any

from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, catalog_desk


async def test_what_keeps_a_dossier_off_a_list_is_told_in_words_until_it_is_proven(ground: Ground) -> None:
    gaps: dict[str, Any] = {"arrangement_number": "", "secrecy": "removed", "secrecy_by": "", "is_legible": False}
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(**gaps)
        url = f"/catalog/dossiers/{dossier_id}"
        vietnamese = (await desk.auditor.get(url)).json()["blocks"]
        english = (await desk.auditor.get(url, headers={"Accept-Language": "en"})).json()["blocks"]
        listed = (await desk.auditor.get("/catalog/dossiers")).json()["items"][0]["blocks"]
        list_id = await desk.list_of()
        refused = (await desk.put_on(list_id, dossier_id)).json()
        proofs = {"secrecy": "removed", "removed_sheet_count": 3, "secrecy_by": "Nguyễn Thị Lan", "is_legible": True}
        told = {"file_code": "H49.1954.1", "title": "Hồ sơ 1", "page_count": 10, **ARRANGED, **proofs}
        proven = (await desk.put(url, told)).json()
        marks = {"criteria": [{"criterion": "permanent", "evidence": "Mục lục số 1"}]}
        marked = (await desk.put(f"{url}/criteria", marks)).json()
        put = await desk.put_on(list_id, dossier_id)
    codes = ["arrangement_unproven", "illegible", "removal_unproven", "no_criterion_with_evidence"]
    assert [each["code"] for each in vietnamese] == [each["code"] for each in english] == codes
    assert vietnamese[1]["message"] == "Không còn đọc được."
    assert english[1]["message"] == "It cannot be read any more."
    assert listed == vietnamese
    assert (refused["dossiers"], refused["reasons"]) == ({dossier_id: codes[0]}, {dossier_id: codes})
    assert refused["words"]["illegible"] == {"vi": "Không còn đọc được.", "en": "It cannot be read any more."}
    assert [each["code"] for each in proven["blocks"]] == ["no_criterion_with_evidence"]
    assert marked["blocks"] == []
    assert put.status_code == 200


async def test_a_dossier_that_nobody_checked_for_secrets_is_kept_off_a_list(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen(secrecy_by="")
        blocks = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()["blocks"]
        list_id = await desk.list_of()
        refused = await desk.put_on(list_id, dossier_id)
        told = {"file_code": "H49.1954.1", "title": "Hồ sơ 1", "page_count": 10, **ARRANGED}
        await desk.put(f"/catalog/dossiers/{dossier_id}", told)
        put = await desk.put_on(list_id, dossier_id)
    assert [(each["code"], each["message"]) for each in blocks] == [
        ("secrecy_unchecked", "Chưa ghi người đã kiểm tra độ mật.")
    ]
    assert refused.json()["dossiers"] == {dossier_id: "secrecy_unchecked"}
    assert put.status_code == 200
