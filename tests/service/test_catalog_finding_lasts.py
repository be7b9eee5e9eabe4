"""A finding of secrecy lasts: nothing that is told, imported or brought back afterwards undoes it without a paper."""

from typing import Any

import httpx
import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, RIGHT, Desk, catalog_desk

FOUND = {"checked_by": "Lê B", "number": "9/BB", "signed_on": "2026-06-01"}
PAPER = "9/BB, 01/06/2026"
BODY = {"file_code": "H49.1954.1", "title": "Hồ sơ 1", "page_count": 10, **ARRANGED}
LINES = [{"number": 1, "title": "Kế hoạch bố phòng"}, {"number": 2, "title": "Báo cáo"}]
OPENED: list[dict[str, Any]] = [
    {"secrecy": "expired", "secrecy_decision": "1/QĐ"},
    {"secrecy": "removed", "removed_sheet_count": 2, "secrecy_by": "Lê B"},
]


async def read(desk: Desk, dossier_id: str) -> dict[str, Any]:
    """Read a dossier."""
    told: dict[str, Any] = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}")).json()
    return told


async def find(desk: Desk, dossier_id: str, number: int | None = None) -> dict[str, Any]:
    """Say that a dossier is secret, or a document of it; gives how it stands then."""
    url = f"/catalog/dossiers/{dossier_id}"
    place, sheets = (f"/documents/{number}", {"removed_sheet_count": 2}) if number else ("", {})
    version = (await read(desk, dossier_id))["version"]
    answer = await desk.archivist.post(
        f"{url}{place}/secrecy-finding", json=FOUND | sheets, headers={"If-Match": f'"{version}"'}
    )
    assert answer.status_code == 200, answer.text
    return await read(desk, dossier_id)


async def itemised(desk: Desk, *lines: dict[str, Any]) -> str:
    """Describe a dossier with documents."""
    dossier_id = await desk.chosen()
    url = f"/catalog/dossiers/{dossier_id}/documents"
    assert (await desk.put(url, {"documents": lines or LINES})).status_code == 200
    return dossier_id


async def restore(desk: Desk, dossier_id: str, version: int) -> httpx.Response:
    """Bring a dossier back to an older version."""
    seen = (await read(desk, dossier_id))["version"]
    url = f"/catalog/dossiers/{dossier_id}/restoration"
    return await desk.archivist.post(url, json={"version": version}, headers={"If-Match": f'"{seen}"'})


def secrecy_in(told: dict[str, Any]) -> tuple[object, ...]:
    """Give what a dossier says of its secrecy."""
    return tuple(told[name] for name in ("secrecy", "removed_sheet_count", "secrecy_by", "secrecy_decision"))


def codes_in(answer: httpx.Response) -> tuple[str, list[str]]:
    """Give the code of a refusal, and those of its fields."""
    return answer.json()["code"], [each["code"] for each in answer.json()["fields"]]


async def test_an_older_version_comes_back_without_undoing_a_finding(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        assert (await desk.put(f"/catalog/dossiers/{dossier_id}", {**BODY, "title": "Tên mới"})).status_code == 200
        since = await find(desk, dossier_id, 1)
        answers = [await restore(desk, dossier_id, version) for version in (3, 2, since["version"])]
        blocks = (await read(desk, dossier_id))["blocks"]
    assert [each.status_code for each in answers] == [200] * 3, answers[0].text
    told = [each.json() for each in answers]
    assert {secrecy_in(each) for each in told} == {("removed", 2, "Lê B", PAPER)} == {secrecy_in(since)}
    assert [(each["title"], each["document_count"], len(each["documents"])) for each in told] == [
        ("Hồ sơ 1", 1, 1),
        ("Hồ sơ 1", None, 0),
        ("Tên mới", 1, 1),
    ]
    assert [each["documents"][0]["title"] for each in (told[0], told[2])] == ["Báo cáo"] * 2
    assert blocks == []


async def test_of_a_dossier_whose_only_document_was_secret_no_count_is_left(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk, LINES[0])
        since = await find(desk, dossier_id, 1)
        restored = (await restore(desk, dossier_id, 3)).json()
        told = {**BODY, **OPENED[1], "title": "Tên mới", "document_count": since["document_count"]}
        changed = await desk.put(f"/catalog/dossiers/{dossier_id}", told)
    assert (since["document_count"], restored["document_count"], restored["documents"]) == (None, None, [])
    assert changed.status_code == 200, changed.text


@pytest.mark.parametrize("opened", OPENED)
async def test_a_secret_dossier_that_was_opened_by_a_paper_keeps_to_it_when_it_is_restored(
    ground: Ground, opened: dict[str, Any]
) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        url = f"/catalog/dossiers/{dossier_id}"
        secret = await find(desk, dossier_id)
        first = await desk.put(url, {**BODY, **opened, "title": "Đã giải mật"})
        again = await desk.put(url, {**BODY, **OPENED[0], "secrecy_decision": "2/QĐ", "title": "Tên mới"})
        restored = await restore(desk, dossier_id, first.json()["version"])
        early = await restore(desk, dossier_id, 1)
        read_last = await read(desk, dossier_id)
    assert (first.status_code, again.status_code) == (200, 200), (first.text, again.text)
    assert (restored.status_code, restored.json()["title"]) == (200, "Đã giải mật"), restored.text
    assert secrecy_in(restored.json()) == secrecy_in(again.json())
    assert (secret["secrecy"], early.status_code, read_last) == ("secret", 422, restored.json())


LIFTS: list[tuple[dict[str, Any], str]] = [
    ({}, "secrecy_was_found"),
    ({"secrecy": "expired"}, "secrecy_decision_missing_for_found"),
    ({"secrecy": "expired", "secrecy_decision": PAPER}, "secrecy_decision_missing_for_found"),
    ({"secrecy": "removed", "removed_sheet_count": 2, "secrecy_by": ""}, "secrecy_by_missing_for_found"),
    ({"secrecy": "removed"}, "removed_sheet_count_missing_for_found"),
]


@pytest.mark.parametrize(("told", "code"), LIFTS)
async def test_a_secret_dossier_is_described_again_only_by_a_paper(
    ground: Ground, told: dict[str, Any], code: str
) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        secret = await find(desk, dossier_id)
        refused = await desk.put(url, {**BODY, **told})
        same = await read(desk, dossier_id)
        opened = await desk.put(url, {**BODY, **OPENED[0]})
        late = await desk.put(url, BODY)
    assert (refused.status_code, codes_in(refused)) == (422, ("catalog.finding_stands", [code]))
    assert (same, opened.status_code) == (secret, 200)
    assert codes_in(late) == ("catalog.finding_stands", ["secrecy_was_found"]), "not in two steps either"


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({}, ["secrecy_was_found", "removed_sheet_count_fewer_than_found"]),
        ({**OPENED[1], "removed_sheet_count": 1}, ["removed_sheet_count_fewer_than_found"]),
        ({**OPENED[0], "secrecy_decision": PAPER}, None),
        ({**OPENED[0], "removed_sheet_count": 1}, ["removed_sheet_count_fewer_than_found"]),
        ({**OPENED[0], "removed_sheet_count": 2}, []),
        ({**OPENED[1], "removed_sheet_count": 3}, []),
    ],
)
async def test_a_removed_document_stays_removed(ground: Ground, told: dict[str, Any], codes: list[str] | None) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        await find(desk, dossier_id, 1)
        answer = await desk.put(f"/catalog/dossiers/{dossier_id}", {**BODY, **told})
    if codes == []:
        assert answer.status_code == 200, answer.text
        return
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.finding_stands")
    assert codes in (None, codes_in(answer)[1])


async def test_no_import_lifts_a_finding_about_a_document(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await itemised(desk)
        ead = (await desk.archivist.get(f"/catalog/fonds/{desk.fonds_id}/export.ead3.xml")).content
        since = await find(desk, dossier_id, 1)
        row = {**RIGHT, "fileCode": BODY["file_code"], "title": "Tên mới"}
        told = [
            (await desk.import_rows({**row, **cells})).json()
            for cells in (
                {"secrecy": "none"},
                {"secrecy": "removed", "removedSheets": 1},
                {"secrecy": "expired", "removedSheets": 2, "secrecyDecision": PAPER},
            )
        ]
        aid = (await desk.send(ead.replace("Hồ sơ 1".encode(), b"Ten moi"))).json()
        after = await read(desk, dossier_id)
        words = (await desk.auditor.get(f"/catalog/imports/{told[0]['id']}")).json()["errors"][0]["message"]
        kept = (await desk.import_rows({**row, "secrecy": "removed", "removedSheets": 2})).json()
    assert [each["rejected"] for each in told] == [1] * 3
    assert [{error["code"] for error in each["errors"]} for each in told] == [
        {"secrecy_was_found", "removed_sheet_count_fewer_than_found"},
        {"removed_sheet_count_fewer_than_found"},
        {"secrecy_decision_missing_for_found"},
    ]
    assert "đã được xác định còn độ mật" in words
    assert (aid["updated"], secrecy_in(after)) == (1, secrecy_in(since)), aid
    assert kept["updated"] == 1, kept


@pytest.mark.parametrize("cells", [{"secrecy": "expired", "secrecyDecision": PAPER}, {"secrecy": "removed"}])
async def test_an_import_opens_a_secret_dossier_only_by_a_paper(ground: Ground, cells: dict[str, str]) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        secret = await find(desk, dossier_id)
        row = {**RIGHT, "fileCode": BODY["file_code"], "catalogVersion": secret["version"], **cells}
        told = (await desk.import_rows(row)).json()
        after = await read(desk, dossier_id)
    assert (told["rejected"], after) == (1, secret)
    assert {error["code"].removeprefix("secrecy_decision_") for error in told["errors"]} <= {
        "missing_for_found", "removed_sheet_count_missing_for_found",
    }  # fmt: skip
