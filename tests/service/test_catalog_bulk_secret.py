"""Marking by filter beside dossiers that were found secret: they are not marked, and hinder no undoing."""

from typing import Any

import httpx
import pytest

from tests.grounds import Ground
from tests.service.catalog_desk import Desk, catalog_desk

GIVE = {"act": "give", "criterion": "permanent", "evidence": "Nhầm"}
FOUND = {"checked_by": "Nguyễn Thị Lan", "number": "12/QĐ-TTLT", "signed_on": "2026-11-20"}


async def marked(desk: Desk, told: dict[str, str] = GIVE) -> tuple[dict[str, Any], httpx.Response]:
    """Look at what an act on every dossier would do, and do it."""
    looked = (await desk.archivist.post("/catalog/markings/preview", json=told)).json()
    made = await desk.archivist.post("/catalog/markings", json={**told, "seen": looked["seen"]})
    return looked, made


async def find_secret(desk: Desk, dossier_id: str) -> None:
    """Say that a dossier is secret."""
    url = f"/catalog/dossiers/{dossier_id}"
    etag = (await desk.auditor.get(url)).headers["etag"]
    answer = await desk.archivist.post(f"{url}/secrecy-finding", json=FOUND, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text


async def criteria(desk: Desk, *dossier_ids: str) -> list[dict[str, str]]:
    """Give the criteria of dossiers."""
    return [(await desk.auditor.get(f"/catalog/dossiers/{each}")).json()["criteria"] for each in dossier_ids]


@pytest.mark.parametrize("act", ["give", "note", "withdraw"])
async def test_an_act_is_taken_back_of_all_but_those_found_secret_and_says_which(ground: Ground, act: str) -> None:
    told = {"criterion": "permanent", "act": act} | ({} if act == "withdraw" else {"evidence": "Nhầm"})
    async with catalog_desk(ground) as desk:
        add = desk.dossier if act == "give" else desk.chosen
        first, secret, last = [await add(number) for number in range(3)]
        before = await criteria(desk, first, last)
        made = (await marked(desk, told))[1].json()
        assert await criteria(desk, first, last) != before
        await find_secret(desk, secret)
        undone = await desk.archivist.post(f"/catalog/markings/{made['id']}/undoing")
        again = await desk.archivist.post(f"/catalog/markings/{made['id']}/undoing")
        after = await criteria(desk, first, last, secret)
        version = (await desk.auditor.get(f"/catalog/dossiers/{secret}")).json()["version"]
    assert (made["dossier_count"], made["left_out"]) == (3, [])
    assert (undone.status_code, undone.json()["left_out"], again.json()) == (200, [secret], undone.json())
    assert after == [*before, {}]
    assert version == (3 if act == "give" else 4)  # the undoing changed nothing of it


async def test_an_act_whose_every_dossier_was_found_secret_is_taken_back_all_the_same(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        secret = await desk.dossier(1)
        made = (await marked(desk))[1].json()
        await find_secret(desk, secret)
        undone = await desk.archivist.post(f"/catalog/markings/{made['id']}/undoing")
    assert (undone.status_code, undone.json()["left_out"], undone.json()["undone_by"]) == (200, [secret], "lan")


async def test_what_was_found_secret_is_not_marked(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        secret, other = await desk.dossier(1), await desk.dossier(2)
        await find_secret(desk, secret)
        looked, made = await marked(desk)
        after = await criteria(desk, secret, other)
    assert (looked["count"], looked["to_mark"], looked["secret"]) == (2, 1, 1)
    assert made.json()["dossier_count"] == 1
    assert after == [{}, {"permanent": "Nhầm"}]
