"""A viewer looks at a page through the IIIF Image API."""

import asyncio
import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from services.qc.context import Context
from services.qc.models import PageCheck
from shared.auth.roles import Role
from shared.imaging.sandbox import Seen
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.hostile import page, saved
from tests.service.conftest import Set
from tests.service.test_qc_inspection import checked, master, scanned


async def looked_at(system: Bench, ground: Ground, content: bytes) -> str:
    """Have one page checked; gives its address."""
    event, page_id = approved(pages=1), uuid4()
    stored = await master(ground, event.dossier_id, 1, content, page=page_id)
    await system.tell("qc", [event, stored, scanned(event.dossier_id, 1)])
    await checked(system.caller(Role.INSPECTOR), UUID(str(event.dossier_id)), 1)
    return f"/qc/iiif/{page_id}"


def picture(answer: httpx.Response) -> Image.Image:
    """Open the picture of an answer."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(io.BytesIO(answer.content))


async def test_a_viewer_learns_the_size_and_cuts_parts_out_of_the_reading_copy(
    at_work: Set, ground: Ground, made_pages: list[Path]
) -> None:
    async with at_work("qc") as system:
        address = await looked_at(system, ground, made_pages[0].read_bytes())
        viewer = system.caller(Role.INSPECTOR)
        led = await viewer.get(address)
        assert (led.status_code, led.headers["location"]) == (303, f"{address}/info.json")
        told = await viewer.get(f"{address}/info.json")
        assert told.headers["access-control-allow-origin"] == "*"
        information = told.json()
        assert information["profile"] == "level1"
        assert information["id"].endswith(address)
        full = information["width"], information["height"]
        assert picture(await viewer.get(f"{address}/full/max/0/default.jpg")).size == full
        part = picture(await viewer.get(f"{address}/100,200,300,400/150,/0/default.jpg"))
        assert part.size == (150, 200)
        linked = await viewer.get(f"{address}/info.json", headers={"Accept": "application/ld+json"})
        assert linked.headers["content-type"].startswith("application/ld+json")
        wrong = await viewer.get(f"{address}/full/max/90/default.jpg")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "qc.picture_asked_wrongly")


async def test_a_large_drawing_is_cut_from_its_master_and_what_nobody_can_see_has_no_picture(
    at_work: Set, ground: Ground
) -> None:
    async with at_work("qc") as system:
        drawing = page(4961, 7016)  # A2 at 300 dpi
        address = await looked_at(system, ground, saved(drawing, "PNG", dpi=(300, 300)))
        viewer = system.caller(Role.ARCHIVIST)
        assert (await viewer.get(f"{address}/info.json")).json()["width"] == 4961
        part = picture(await viewer.get(f"{address}/1000,1000,500,500/max/0/default.jpg")).convert("RGB")
        colours = (
            part.resize((1, 1)).getpixel((0, 0)),
            drawing.crop((1000, 1000, 1500, 1500)).resize((1, 1)).getpixel((0, 0)),
        )
        assert max(abs(a - b) for a, b in zip(*colours, strict=True)) < 6  # type: ignore[arg-type]
        broken = await looked_at(system, ground, b"\xff\xd8\xff nothing")
        assert (await viewer.get(f"{broken}/info.json")).status_code == 404
        assert (await viewer.get(f"{broken}/full/max/0/default.jpg")).status_code == 404


async def test_only_those_who_may_read_see_a_picture(at_work: Set, ground: Ground, made_pages: list[Path]) -> None:
    async with at_work("qc") as system:
        address = await looked_at(system, ground, made_pages[0].read_bytes())
        for role in (Role.RECEIVER, Role.AGENCY, Role.STATION, Role.MONITOR):
            for path in ("", "/info.json", "/full/max/0/default.jpg"):
                assert (await system.caller(role).get(address + path)).status_code == 403
        unknown = await system.caller(Role.INSPECTOR).get(f"/qc/iiif/{uuid4()}/full/max/0/default.jpg")
        assert unknown.status_code == 404


async def test_a_viewer_of_another_origin_may_ask_but_needs_leave_all_the_same(
    at_work: Set, ground: Ground, made_pages: list[Path]
) -> None:
    async with at_work("qc") as system:
        address = await looked_at(system, ground, made_pages[0].read_bytes())
        asked = {"Origin": "https://xem.example", "Access-Control-Request-Method": "GET"}
        asked |= {"Access-Control-Request-Headers": "authorization"}
        for path in ("", "/info.json", "/full/max/0/default.jpg"):
            allowed = await system.caller().options(address + path, headers=asked)
            assert (allowed.status_code, allowed.content) == (204, b"")
            assert allowed.headers["access-control-allow-origin"] == "*"
            assert "Authorization" in allowed.headers["access-control-allow-headers"]
            assert "GET" in allowed.headers["access-control-allow-methods"]
            assert "access-control-allow-credentials" not in allowed.headers
            for viewer, status in ((system.caller(), 401), (system.caller(Role.STATION), 403)):
                refused = await viewer.get(address + path)
                assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (status, "*")
        elsewhere = await system.caller(Role.INSPECTOR).options("/qc/dossiers", headers=asked)
        assert elsewhere.status_code == 405
        assert "access-control-allow-origin" not in elsewhere.headers


async def test_viewers_who_wait_for_the_sandbox_hold_nobody_up(
    at_work: Set, ground: Ground, made_pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work("qc") as system:
        address = await looked_at(system, ground, made_pages[0].read_bytes())
        viewer, is_free = system.caller(Role.ARCHIVIST), asyncio.Event()
        context = system.services["qc"].context
        assert isinstance(context, Context)
        cut = context.viewing.cut

        async def cut_later(*asked: Any) -> Seen:  # noqa: ANN401 - handed on
            await is_free.wait()
            return await cut(*asked)

        monkeypatch.setattr(context.viewing, "cut", cut_later)
        waiting = [asyncio.create_task(viewer.get(f"{address}/full/{side},/0/default.jpg")) for side in range(50, 90)]
        await asyncio.sleep(1)
        async with asyncio.timeout(10):
            assert (await viewer.get(f"{address}/info.json")).status_code == 200
        is_free.set()
        assert [picture(await each).width for each in waiting] == list(range(50, 90))


async def test_a_page_that_an_older_version_measured_is_said_to_have_no_picture_to_cut(
    at_work: Set, ground: Ground, made_pages: list[Path]
) -> None:
    async with at_work("qc") as system:
        address = await looked_at(system, ground, made_pages[0].read_bytes())
        async with system.services["qc"].context.database.writing() as uow:
            (check,) = await uow.session.exec(select(PageCheck))
            check.measures = {name: fact for name, fact in (check.measures or {}).items() if name != "copy_width"}
        assert (await system.caller(Role.ARCHIVIST).get(f"{address}/info.json")).status_code == 404
