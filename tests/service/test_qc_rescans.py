"""Rescan orders as inspectors and stations see them: how old, why, and the image that was not good enough."""

from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cli.scan.old_images import fetch_old_images
from cli.scan.round import Round, Wanted
from shared.auth.roles import Role
from shared.clock import now
from tests.grounds import Ground
from tests.service.conftest import Set
from tests.service.qc_desk import Desk, code_of
from tests.service.station import Line, client_on

PICTURE = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


async def ordered(desk: Desk) -> dict[str, Any]:
    """Have a page wanted again; gives the order as it is listed."""
    dossier = await desk.dossier("r")
    (page,) = await desk.take("lan", dossier)
    await desk.ground.store("derived").lay(f"{dossier}/{page['page_id']}/v1-reading.jpg", PICTURE)
    assert (await desk.say("lan", page, "rescan", reason="dirty_glass")).status_code == 200
    answer = await desk.inspector("lan").get("/qc/rescan-orders", params={"dossier_id": str(dossier)})
    (order,) = answer.json()["items"]
    return {**order, "page": page}


async def test_open_orders_are_listed_with_their_age_until_the_new_image_is_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("services.qc.api.rescans"), "now", lambda: now() + timedelta(days=2))
    order = await ordered(desk)
    assert 172_800 <= order["age_seconds"] < 172_900
    assert (order["page_number"], order["page_version"], order["ordered_by"]) == (1, 1, "lan")
    assert order["reason"].startswith("Kính máy quét bẩn, có vệt (máy kiểm tra: ")
    await desk.rescanned(order["page"])
    answer = await desk.inspector("lan").get("/qc/rescan-orders", params={"dossier_id": order["dossier_id"]})
    assert answer.json()["items"] == []


async def test_a_station_sees_the_old_image_of_an_order_and_of_no_other_page(desk: Desk) -> None:
    order = await ordered(desk)
    station = desk.system.caller(Role.STATION)
    assert (await station.get(order["old_image"])).content == PICTURE
    await desk.rescanned(order["page"])
    assert (await station.get(order["old_image"])).content == PICTURE, "the old one, whatever came after"
    assert code_of(await station.get(order["page"]["pictures"]["reading_copy"])) == (403, "forbidden")


async def test_the_agent_keeps_old_images_for_its_operator(desk: Desk, tmp_path: Path) -> None:
    order, page, gone = await ordered(desk), Path("scans/H49/p1.jpg"), Path("scans/H49/p2.jpg")
    line = Line(desk.system, Role.STATION)
    wanted = {page: Wanted(order["id"], 1, "mờ"), gone: Wanted(order["page_id"], 1, "mờ")}
    async with client_on(line) as client:
        for _ in range(2):
            done = Round(to_scan_again=[page, gone], wanted=wanted)
            await fetch_old_images(client, tmp_path / "old", done)
            assert done.old_images == {page: tmp_path / "old" / "H49" / "p1-v1.jpg"}, "no such order: no image"
    assert (tmp_path / "old" / "H49" / "p1-v1.jpg").read_bytes() == PICTURE
    assert line.carried.count(f"GET {order['old_image']}") == 1, "fetched once"
