"""Old files know nothing of a finding: they bring no word of a secret dossier back, under none of its codes."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.grounds import Ground
from tests.service.catalog_desk import RIGHT, Desk, catalog_desk

FOUND = {"checked_by": "Lê B", "number": "9/BB", "signed_on": "2026-06-01"}
CODE = str(RIGHT["fileCode"])
WORD = "VOLGARMOT"


async def found(desk: Desk, dossier_id: str) -> int:
    """Say that a dossier is secret; gives the version that this makes."""
    url = f"/catalog/dossiers/{dossier_id}"
    etag = (await desk.auditor.get(url)).headers["etag"]
    answer = await desk.archivist.post(f"{url}/secrecy-finding", json=FOUND, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


async def exported(desk: Desk) -> bytes:
    """Export the dossiers of the fonds."""
    return (await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export?level=dossiers")).content


async def marked(desk: Desk, told: dict[str, Any]) -> str:
    """Give all that stands in the marked file of an import."""
    content = (await desk.auditor.get(f"/catalog/imports/{told['id']}/marked")).content
    return str([[cell.value for cell in row] for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows()])


def row_of(content: bytes, **changes: object) -> dict[str, object]:
    """Give the first row of an export with some cells changed."""
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]
    return dict(zip(map(str, rows[1]), rows[2], strict=True)) | changes


@pytest.mark.parametrize(
    "outcome", [{"secrecy": "expired", "secrecy_decision": "1/QĐ"}, {"secrecy": "removed", "removed_sheet_count": 2}]
)
async def test_an_old_export_does_not_undo_a_finding(ground: Ground, outcome: dict[str, Any]) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(title=f"{WORD} đê", **outcome)
        old = await exported(desk)
        version = await found(desk, dossier_id)
        by_version = (await desk.send(old)).json()
        untold = (await desk.import_rows(row_of(old, catalogVersion=None))).json()
        files = [await marked(desk, each) for each in (by_version, untold)]
        kept = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
        known = row_of(old, catalogVersion=version, title="Đã giải mật", secrecyDecision="2/QĐ")
        opened = (await desk.import_rows(known)).json()
        late = (await desk.send(old)).json()
    for told in (by_version, untold):
        assert (told["updated"], told["rejected"]) == (0, 1)
        assert {each["value"] for each in told["errors"]} == {""}
        assert "file_code_shut" in {each["code"] for each in told["errors"]}
    assert WORD not in str([by_version, untold, files])
    assert (kept["title"], kept["secrecy"], kept["version"]) == ("", "secret", version)
    assert opened["updated"] == 1, "somebody saw the finding, and says that the secrecy is over"
    assert (late["updated"], late["rejected"]) == (0, 1), "nobody knows any more what was changed since"


async def test_a_secret_dossier_does_not_come_back_under_an_earlier_code(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier(file_code="K.1", title=f"{WORD} đê")
        old = await exported(desk)
        ead = (await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.ead3.xml")).content
        told = {"file_code": "K.1b", "title": f"{WORD} đê", "page_count": 10}
        assert (await desk.put(f"/catalog/dossiers/{dossier_id}", told)).status_code == 200
        await found(desk, dossier_id)
        seen = [(await desk.send(old)).json(), (await desk.send(ead, dry_run="true")).json()]
        file = await marked(desk, seen[0])
        by_hand = await desk.archivist.post(
            "/catalog/dossiers", json={**told, "file_code": "k.1", "fonds_id": desk.fonds_id}
        )
        counts = await desk.counts()
    assert [(each["created"], each["rejected"]) for each in seen] == [(0, 1), (0, 1)]
    assert [{error["code"] for error in each["errors"]} for each in seen] == [{"file_code_shut"}] * 2
    assert (WORD in str(seen), WORD in file, counts[0]) == (False, False, 1)
    assert (by_hand.status_code, by_hand.json()["fields"][0]["code"]) == (422, "file_code_shut")


@pytest.mark.parametrize("code", ["h49.1954.1", "H49. 1954.1", "H49.1954.1\u200b"])
async def test_a_code_that_people_take_for_a_secret_one_keeps_nothing_either(ground: Ground, code: str) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        row = {**RIGHT, "fileCode": code, "title": f"{WORD} đê", "startDate": "VOLGARHAI"}
        early = (await desk.import_rows(row)).json()
        await found(desk, dossier_id)
        late = (await desk.import_rows(row)).json()
        files = [await marked(desk, each) for each in (early, late)]
        early = (await desk.auditor.get(f"/catalog/imports/{early['id']}")).json()
    assert (early["rejected"], late["rejected"]) == (1, 1)
    assert not [each for each in (str(early), str(late), *files) if "VOLGAR" in each]


async def test_a_row_that_names_a_version_of_no_dossier_says_so(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        seen = (await desk.import_rows({**RIGHT, "catalogVersion": 3})).json()
    assert (seen["created"], [each["code"] for each in seen["notices"]]) == (1, ["version_of_none"])
    assert "không hồ sơ nào mang mã này" in seen["notices"][0]["message"]
