"""Whoever described a dossier of a list leaves the decision on the list to others."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from services.catalog.models import CriterionMark
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.service.catalog_desk import ARRANGED, RIGHT, Desk, catalog_desk, decided, workbook

MARKS = {"criteria": [{"criterion": "at_risk", "evidence": "mủn"}]}
ITEMS = {"documents": [{"number": 1, "title": "Tờ trình"}]}
BODY = {"file_code": "H49.1954.1", "title": "Tên khác", "page_count": 10, **ARRANGED}
BULK = {"criterion": "at_risk", "evidence": "mủn"}


ALL = {"retention": "01"}


async def mark_by_filter(both: httpx.AsyncClient, _url: str) -> httpx.Response:
    """Mark everything, as one act."""
    seen = (await both.post("/catalog/markings/preview", params=ALL, json=BULK)).json()["seen"]
    return await both.post("/catalog/markings", params=ALL, json={**BULK, "seen": seen})


async def restore(both: httpx.AsyncClient, url: str) -> httpx.Response:
    """Bring a dossier back to how it was at first."""
    tag = (await both.get(url)).headers["etag"]
    return await both.post(f"{url}/restoration", json={"version": 1}, headers={"If-Match": tag})


def put(place: str, body: object) -> Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]:
    """Make the act that changes a part of a dossier."""

    async def act(both: httpx.AsyncClient, url: str) -> httpx.Response:
        tag = (await both.get(url)).headers["etag"]
        return await both.put(url + place, json=body, headers={"If-Match": tag})

    return act


ACTS = {
    "described": put("", BODY), "marked": put("/criteria", MARKS), "itemised": put("/documents", ITEMS),
    "restored": restore, "marked by filter": mark_by_filter,
}  # fmt: skip


def two_roles(desk: Desk) -> httpx.AsyncClient:
    """Give somebody who may describe, appraise and approve."""
    return desk.made.caller(Role.ARCHIVIST, Role.APPRAISER, Role.APPROVER, name="hai vai")


async def decisions(both: httpx.AsyncClient, list_id: str) -> list[tuple[int, str]]:
    """Try to decide on a list in every way."""
    found = []
    for way, body in (("appraisal", {"opinion": "Tốt"}), ("approval", None), ("return", {"reason": "xem lại"})):
        answer = await decided(both, list_id, way, body)
        found.append((answer.status_code, str(answer.json().get("code"))))
    return found


@pytest.mark.parametrize("act", list(ACTS))
async def test_whoever_changed_a_dossier_while_it_was_on_the_list_decides_nothing(ground: Ground, act: str) -> None:
    async with catalog_desk(ground) as desk:
        both, dossier_id = two_roles(desk), await desk.chosen()
        list_id, url = await desk.list_of(dossier_id), f"/catalog/dossiers/{dossier_id}"
        changed = await ACTS[act](both, url)
        assert changed.status_code in (200, 201), changed.text
        if act != "restored":  # somebody else changes it last
            assert (await desk.put(f"{url}/criteria", {"criteria": [MARKS["criteria"][0]]})).status_code == 200
        else:
            marks = {"criteria": [{"criterion": "permanent", "evidence": "Mục lục số 1"}]}
            assert (await desk.put(f"{url}/criteria", marks)).status_code == 200
        assert (await desk.submit(list_id)).status_code == 200
        found = await decisions(both, list_id)
        approved = await desk.approve(list_id)
    assert found == [(403, "catalog.own_list")] * 3
    assert approved.status_code == 200


@pytest.mark.parametrize("act", ["described", "marked", "itemised"])
async def test_whoever_made_the_newest_version_of_a_listed_dossier_decides_nothing(ground: Ground, act: str) -> None:
    async with catalog_desk(ground) as desk:
        both, dossier_id = two_roles(desk), await desk.chosen()
        assert (await ACTS[act](both, f"/catalog/dossiers/{dossier_id}")).status_code == 200
        list_id = await desk.list_of(dossier_id)
        await desk.submit(list_id)
        found = await decisions(both, list_id)
    assert found == [(403, "catalog.own_list")] * 3


async def test_whoever_made_an_older_version_before_the_list_was_begun_may_decide(ground: Ground) -> None:
    async with catalog_desk(ground) as desk:
        both, dossier_id = two_roles(desk), await desk.chosen()
        url = f"/catalog/dossiers/{dossier_id}"
        await ACTS["described"](both, url)
        await desk.put(url, {**BODY, "title": "Tên sau cùng"})
        list_id = await desk.list_of(dossier_id)
        await desk.submit(list_id)
        approved = await decided(both, list_id, "approval")
    assert approved.status_code == 200, approved.text


@pytest.mark.parametrize("is_imported", [False, True])
async def test_whoever_added_a_dossier_that_nobody_changed_since_decides_nothing(
    ground: Ground, *, is_imported: bool
) -> None:
    async with catalog_desk(ground) as desk:
        both = two_roles(desk)
        if is_imported:
            asked = {"fonds_id": desk.fonds_id}
            order = await both.post("/catalog/imports", params=asked, content=workbook([RIGHT]))
            assert (await desk.ended(order.json()["id"])).json()["created"] == 1
            (item,) = (await both.get("/catalog/dossiers")).json()["items"]
        else:
            told = {"fonds_id": desk.fonds_id, **BODY}
            item = (await both.post("/catalog/dossiers", json=told)).json()
        list_id = await desk.list_of()
        if not is_imported:
            async with desk.database.writing() as uow:  # so that nobody makes another version
                mark = CriterionMark(dossier_id=UUID(item["id"]), criterion="at_risk", evidence="mủn")
                uow.session.add(mark)
        assert (await desk.put_on(list_id, item["id"])).status_code == 200
        await desk.submit(list_id)
        found = await decisions(both, list_id)
    assert found == [(403, "catalog.own_list")] * 3
