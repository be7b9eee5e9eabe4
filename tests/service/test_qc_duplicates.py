"""Pages of a dossier that were scanned twice: told of the later one, once both are checked, in whatever order."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from services.qc.models import PageCheck
from shared.auth.roles import Role
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.test_qc_inspection import checked, master, scanned


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("qc") as made:
        yield made


def scanned_again(page: bytes) -> bytes:
    """Scan a page again: a little askew, darker, coarser."""
    with Image.open(BytesIO(page)) as image:
        askew = image.rotate(1.4, Image.Resampling.BICUBIC, translate=(18, -25), fillcolor=(205, 200, 190))
    coarser = askew.resize((askew.width * 3 // 4, askew.height * 3 // 4)).point(lambda tone: int(tone * 0.9))
    file = BytesIO()
    coarser.save(file, "JPEG", quality=70, dpi=(225, 225))
    return file.getvalue()


async def drawn(inspector: httpx.AsyncClient, dossier: UUID, count: int) -> list[dict[str, Any]]:
    """Wait until the pages are checked and the sample is drawn, which is when somebody has to look; gives the pages."""
    for _ in range(100):
        pages = await checked(inspector, dossier, count)
        if any(page["awaits_person"] for page in pages):
            return pages
        await asyncio.sleep(0.1)
    raise AssertionError("no sample was drawn")


def findings(pages: list[dict[str, Any]]) -> dict[int, list[tuple[str, object]]]:
    """Give code and value of what was found, by number of the page."""
    return {
        page["number"]: [(found["code"], found["value"]) for found in page["findings"] if found["severity"] != "note"]
        for page in pages
    }


@pytest.mark.parametrize("closing", ["first", "last"])
async def test_of_two_scans_of_a_sheet_the_later_page_is_reviewed_and_names_the_other(
    system: Bench, ground: Ground, made_pages: list[Path], closing: str
) -> None:
    bodies = [page.read_bytes() for page in made_pages]
    bodies += [scanned_again(bodies[2]), scanned_again(bodies[0])]
    event = approved(pages=len(bodies))
    masters = [await master(ground, event.dossier_id, n, body) for n, body in enumerate(bodies, 1)]
    closed, inspector = scanned(event.dossier_id, len(bodies)), system.caller(Role.INSPECTOR)
    await system.tell("qc", [event, *masters, closed] if closing == "first" else [event, *reversed(masters)])
    if closing == "last":
        await checked(inspector, event.dossier_id, len(bodies))
        await system.tell("qc", [closed])
    pages = await drawn(inspector, event.dossier_id, len(bodies))
    same = {number: [("content.duplicate", other)] for number, other in ((5, 3), (6, 1))}
    assert findings(pages) == {1: [], 2: [], 3: [], 4: []} | same
    assert [page["judgement"] for page in pages] == ["pass"] * 4 + ["review"] * 2
    assert pages[4]["awaits_person"]
    assert sum(page["awaits_person"] for page in pages[:4]) == 1, "the sample is of what passed, so it was drawn later"
    assert pages[4]["findings"][0]["text"] == "Trang có vẻ là bản quét lại của trang 3."
    kept = await checks(system, UUID(pages[4]["page_id"]))
    assert [(check.judgement, [found["code"] for found in check.findings]) for check in kept] == [
        ("review", ["content.duplicate"])
    ]


async def test_a_new_version_is_no_duplicate_of_the_old_but_may_be_one_of_another_page(
    system: Bench, ground: Ground, made_pages: list[Path]
) -> None:
    first, second, third = (page.read_bytes() for page in made_pages[:3])
    event = approved(pages=3)
    masters = [await master(ground, event.dossier_id, n, body) for n, body in enumerate((first, second, third), 1)]
    await system.tell("qc", [event, *masters, scanned(event.dossier_id, 3)])
    inspector = system.caller(Role.INSPECTOR)
    pages = await drawn(inspector, event.dossier_id, 3)
    for page, body in ((pages[1], scanned_again(second)), (pages[2], scanned_again(first))):
        order = {"version": 1, "reason": "quét lại"}
        await inspector.post(f"/qc/pages/{page['page_id']}/rescan-orders", json=order)
        number, page_id = int(page["number"]), UUID(str(page["page_id"]))
        await system.tell("qc", [await master(ground, event.dossier_id, number, body, page=page_id, version=2)])
    pages = await checked(inspector, event.dossier_id, 3)
    assert [page["version"] for page in pages] == [1, 2, 2]
    assert findings(pages) == {1: [], 2: [], 3: [("content.duplicate", 1)]}


async def checks(system: Bench, page_id: UUID) -> list[PageCheck]:
    """Give what was checked of a page."""
    async with system.services["qc"].context.database.reading() as session:
        return list(await session.exec(select(PageCheck).where(PageCheck.page_id == page_id)))
