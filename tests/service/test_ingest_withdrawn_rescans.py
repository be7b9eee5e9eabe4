"""A rescan order that its inspector took back: in whatever order its events come, no image is taken for it any more."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from shared.auth.roles import Role
from shared.events.ingest import RescanClosed
from shared.events.qc import RescanOrdered, RescanWithdrawn
from shared.ids import DossierId, PageId, RescanOrderId
from tests.facts import approved
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.test_ingest_pages import JPEG, OTHER, digest, put, stored


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("ingest") as made:
        yield made


@pytest.fixture
async def ordered(system: Bench) -> RescanOrdered:
    """Give an order for a page that is here, which ingest has not heard of yet."""
    event = approved()
    await system.tell("ingest", [event])
    page = (await put(system.caller(Role.STATION), event.dossier_id, 1, JPEG)).json()
    return RescanOrdered(
        rescan_order_id=RescanOrderId(uuid4()),
        page_id=PageId(UUID(page["page_id"])),
        dossier_id=DossierId(event.dossier_id),
        page_number=1,
        page_version=1,
        reason="mờ",
    )


def taken_back(ordered: RescanOrdered) -> RescanWithdrawn:
    fields = {"rescan_order_id", "page_id", "dossier_id", "page_number", "page_version"}
    return RescanWithdrawn(**ordered.model_dump(include=fields))


async def scan_again(system: Bench, ordered: RescanOrdered) -> httpx.Response:
    told = {"Content-Type": "image/jpeg", "Content-Digest": digest(OTHER)}
    path = f"/ingest/rescan-orders/{ordered.rescan_order_id}/page"
    return await system.caller(Role.STATION).put(path, content=OTHER, headers=told)


async def let_go(system: Bench) -> list[RescanClosed]:
    """Give what ingest said of orders it has let go of."""
    database = system.services["ingest"].context.database
    outbox = database.plumbing.outbox
    async with database.reading() as session:
        bodies = await session.exec(select(outbox.body).where(outbox.name == RescanClosed.name))
        return [RescanClosed.model_validate_json(body) for body in bodies]


@pytest.mark.parametrize("is_heard_first", [False, True])
async def test_no_image_is_taken_for_an_order_that_was_taken_back(
    system: Bench, ordered: RescanOrdered, ground: Ground, is_heard_first: bool
) -> None:
    events = [ordered, taken_back(ordered)]
    for event in events[::-1] if is_heard_first else events:
        await system.tell("ingest", [event, event])
    assert (await system.caller(Role.STATION).get("/ingest/rescan-orders")).json()["items"] == []
    answer = await scan_again(system, ordered)
    assert (answer.status_code, answer.json()["code"]) == (409, "ingest.rescan_withdrawn")
    assert len(await stored(ground)) == 1, "what was refused is dropped"
    (closed,) = await let_go(system)
    assert (closed.rescan_order_id, closed.fulfilled_version) == (ordered.rescan_order_id, None)


async def test_an_image_that_came_first_is_named_when_the_order_is_let_go_of(
    system: Bench, ordered: RescanOrdered
) -> None:
    await system.tell("ingest", [ordered])
    assert (await scan_again(system, ordered)).status_code == 201
    await system.tell("ingest", [taken_back(ordered)])
    (closed,) = await let_go(system)
    assert closed.fulfilled_version == 2
    assert (await scan_again(system, ordered)).status_code == 200, "the same bytes are the same page, as ever"


async def test_an_image_and_a_withdrawal_at_the_same_time_come_to_one_of_both(
    system: Bench, ordered: RescanOrdered
) -> None:
    await system.tell("ingest", [ordered])
    answer, _ = await asyncio.gather(scan_again(system, ordered), system.tell("ingest", [taken_back(ordered)]))
    (closed,) = await let_go(system)
    assert (answer.status_code, closed.fulfilled_version) in ((201, 2), (409, None))
