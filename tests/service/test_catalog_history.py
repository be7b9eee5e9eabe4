"""Nobody overwrites what another has changed, and whatever was changed can be seen and brought back."""

import asyncio
from typing import Any

from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, RIGHT, Desk, catalog_desk

BODY = {"file_code": "A", "title": "một", "page_count": 10}
MARKS = {"criteria": [{"criterion": "permanent", "evidence": "mục lục"}]}
DOCUMENTS = {"documents": [{"number": 1, "title": "Tờ trình", "languages": ["01"], "first_page": 1, "last_page": 2}]}


async def history(desk: Desk, dossier_id: str) -> list[dict[str, Any]]:
    """Read the past of a dossier, newest first."""
    items: list[dict[str, Any]] = (await desk.auditor.get(f"/catalog/dossiers/{dossier_id}/history")).json()["items"]
    return items


async def test_a_change_names_the_version_it_changes(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/dossiers/{await desk.dossier()}"
        first = await desk.auditor.get(url)
        for place, body in (("", BODY), ("/criteria", MARKS), ("/documents", DOCUMENTS)):
            for untold in ({}, {"If-Match": "*"}, {"If-Match": "1"}, {"If-Match": 'W/"1"'}):
                answer = await desk.archivist.put(url + place, json=body, headers=untold)
                assert (answer.status_code, answer.json()["code"]) == (428, "catalog.version_untold"), untold
        changed = await desk.archivist.put(url, json=BODY, headers={"If-Match": first.headers["etag"]})
        stale = await desk.archivist.put(url, json={**BODY, "title": "hai"}, headers={"If-Match": '"1"'})
        resent = await desk.archivist.put(url, json=BODY, headers={"If-Match": first.headers["etag"]})
    assert (first.headers["etag"], changed.headers["etag"]) == ('"1"', '"2"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "catalog.dossier_changed", 2)
    assert (resent.status_code, resent.headers["etag"]) == (200, '"2"'), "sent again because the answer was lost"


async def test_of_two_who_change_at_once_one_is_told(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        url = f"/catalog/dossiers/{await desk.dossier()}"
        asks = [
            desk.archivist.put(url, json={**BODY, "title": title}, headers={"If-Match": '"1"'}) for title in "abcdefgh"
        ]
        answers = await asyncio.gather(*asks)
        read = (await desk.auditor.get(url)).json()
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert read["title"] == next(answer.json()["title"] for answer in answers if answer.status_code == 200)


async def test_every_change_is_told_with_what_was_before(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        await desk.put(url, BODY)
        await desk.put(f"{url}/criteria", MARKS)
        await desk.put(f"{url}/documents", DOCUMENTS)
        await desk.import_rows({**RIGHT, "fileCode": "A", "title": "ba"})
        past = await history(desk, dossier_id)
        station = desk.made.caller(Role.STATION)
        assert (await station.get(f"{url}/history")).status_code == 403
    assert [(each["version"], each["act"], each["by"]) for each in past] == [
        (4, "workbook.imported", "lan"),
        (3, "documents.set", "lan"),
        (2, "criteria.set", "lan"),
        (1, "dossier.changed", "lan"),
    ]
    assert past[0]["content"]["description"]["title"] == "một"
    assert past[0]["content"]["criteria"] == {"permanent": "mục lục"}
    assert past[1]["content"].keys() == {"documents", "description"}, "their count stands in the description"
    assert (past[1]["content"]["documents"], past[1]["content"]["description"]["document_count"]) == ([], None)
    assert past[3]["content"]["description"]["title"] == "Hồ sơ 1"


async def test_an_older_version_is_brought_back_whole_and_that_can_be_undone(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        await desk.put(f"{url}/criteria", MARKS)
        await desk.put(f"{url}/documents", DOCUMENTS)
        whole = (await desk.auditor.get(url)).json()
        await desk.put(f"{url}/documents", {"documents": []})
        await desk.put(f"{url}/criteria", {"criteria": []})
        await desk.put(url, BODY)
        changed = (await desk.auditor.get(url)).json()
        restored = await desk.archivist.post(
            f"{url}/restoration", json={"version": whole["version"]}, headers={"If-Match": '"6"'}
        )
        undone = await desk.archivist.post(
            f"{url}/restoration", json={"version": changed["version"]}, headers={"If-Match": '"7"'}
        )
        past = await history(desk, dossier_id)
    assert restored.status_code == 200, restored.text
    assert {**restored.json(), "version": 3} == whole
    assert {**undone.json(), "version": 6} == changed
    assert [each["act"] for each in past][:2] == ["dossier.restored", "dossier.restored"]


async def test_the_count_of_documents_comes_back_with_them(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.dossier()
        url = f"/catalog/dossiers/{dossier_id}"
        first = (await desk.auditor.get(url)).json()
        await desk.put(f"{url}/documents", DOCUMENTS)
        told = {"json": {"version": 1}, "headers": {"If-Match": '"2"'}}
        restored = (await desk.archivist.post(f"{url}/restoration", **told)).json()  # type: ignore[arg-type]
    assert {**restored, "version": 1} == first


async def test_what_cannot_be_brought_back(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        dossier_id = await desk.chosen()
        url = f"/catalog/dossiers/{dossier_id}"
        await desk.put(url, {**BODY, **ARRANGED})
        await desk.dossier(1)  # takes the code that the first one had

        async def restore(version: int, expected: str = '"3"') -> tuple[int, str]:
            told = await desk.archivist.post(
                f"{url}/restoration", json={"version": version}, headers={"If-Match": expected}
            )
            return told.status_code, told.json().get("code", "")

        assert await restore(2) == (409, "catalog.code_taken")
        assert await restore(3) == (404, "catalog.version_unknown")
        assert await restore(9) == (404, "catalog.version_unknown")
        assert await restore(1, '"2"') == (412, "catalog.dossier_changed")
        await desk.put(f"{url}/criteria", MARKS)
        await desk.submit(await desk.list_of(dossier_id))
        assert await restore(2, '"4"') == (409, "catalog.description_frozen")
