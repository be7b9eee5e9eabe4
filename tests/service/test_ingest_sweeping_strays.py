"""Objects that nobody knows of leave the incoming store late, and never under a request that may enter them."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from services.ingest.context import Context
from services.ingest.domain.incoming_key import draft_key, page_key
from services.ingest.operations import straying
from services.ingest.operations.receiving import Place, add_version, look_up
from services.ingest.upload_models import Stray
from shared.clock import now
from shared.storage.port import Fixity, StoreUnavailable
from shared.uow import Caller
from tests.grounds import Ground
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.sweeping_desk import NOTHING, THIRD, left, pages_lying, swept
from tests.service.test_ingest_pages import JPEG, OTHER, put


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def test_a_stray_stays_a_week_from_when_it_was_first_seen(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    assert await swept(desk, days=100) == NOTHING, "however old it is, it is new to us"
    assert await swept(desk, days=106.9) == NOTHING
    assert key in desk.lying("incoming")
    assert (await swept(desk, days=107.1))["strays"] == 1
    assert pages_lying(desk) == {JPEG}
    assert (await desk.acts())[-1] == "stray.dropped"
    async with desk.context.database.reading() as session:
        assert (await session.exec(select(Stray))).all() == []


async def test_what_is_not_ours_stays(desk: SealingDesk) -> None:
    digest = sha256(OTHER).hexdigest()
    keys = [
        page_key(uuid4(), 1, digest),  # of a dossier that this database never heard of
        draft_key(uuid4(), digest),
        "notes/readme",
        f"{uuid4()}/1/{digest}",
    ]
    for key in keys:
        await left(desk, key, OTHER)
    for days in (0, 8, 16):
        assert await swept(desk, days=days) == NOTHING
    assert desk.lying("incoming").keys() == set(keys)


async def test_a_stray_that_is_sent_again_is_a_page_and_stays(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    assert await swept(desk, days=8) == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_stray_that_went_and_came_again_has_all_its_time(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    await desk.context.incoming.delete(key)
    await swept(desk, days=1)
    await left(desk, key, OTHER)
    assert await swept(desk, days=8) == NOTHING
    assert key in desk.lying("incoming")


async def test_a_refused_page_that_was_a_stray_is_forgotten_with_its_bytes(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another page takes the place while the stray's bytes are looked at."""
    dossier, _ = await desk.scanned([JPEG])
    key = page_key(dossier, 2, sha256(OTHER).hexdigest())
    await left(desk, key, OTHER)
    await swept(desk)
    read_back = desk.context.incoming.read_back

    async def overtaken(key: str) -> Fixity:
        assert (await put(desk.station, dossier, 2, THIRD)).status_code == 201
        return await read_back(key)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "read_back", overtaken)
        assert (await put(desk.station, dossier, 2, OTHER)).status_code == 409
    assert pages_lying(desk) == {JPEG, THIRD}
    async with desk.context.database.reading() as session:
        assert (await session.exec(select(Stray))).all() == []
    await left(desk, key, OTHER)
    assert await swept(desk, days=8) == NOTHING, "it was gone in between"


async def test_a_stray_that_is_renewed_while_the_sweep_looks_is_not_dropped(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    find = straying.find_strays

    async def renewed(context: Context) -> dict[str, int]:
        found = await find(context)
        assert await straying.drop_unnamed(context, key)
        await left(desk, key, OTHER)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(straying, "find_strays", renewed)
        assert await swept(desk, days=8) == NOTHING
    assert not await straying.drop_unnamed(desk.context, key, seen_at=now())
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_sweep_that_is_killed_between_a_stray_and_its_row_gives_the_key_all_its_time(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG])
    key = await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    remove = desk.context.incoming.delete

    async def killed(key: str) -> None:
        await remove(key)
        raise StoreUnavailable("killed")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "delete", killed)
        with pytest.raises(StoreUnavailable):
            await swept(desk, days=8)
    await left(desk, key, OTHER)
    assert await swept(desk, days=9) == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_page_whose_bytes_go_while_it_is_looked_at_is_not_entered(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station sends a page again of which the bytes lie here, and the sweep comes between look and entry."""
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    await swept(desk)
    read_back = desk.context.incoming.read_back

    async def overtaken(key: str) -> Fixity:
        fixity = await read_back(key)
        assert (await swept(desk, days=8))["strays"] == 1
        return fixity

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, "read_back", overtaken)
        answer = await put(desk.station, dossier, 2, OTHER)
    assert (answer.status_code, answer.json()["code"]) == (503, "ingest.page_swept")
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    assert pages_lying(desk) == {JPEG, OTHER}


async def test_a_page_that_is_being_entered_is_waited_for(desk: SealingDesk) -> None:
    dossier, _ = await desk.scanned([JPEG])
    digest = sha256(OTHER).hexdigest()
    key = await left(desk, page_key(dossier, 2, digest), OTHER)
    await swept(desk)
    place, fixity = Place(dossier, 2), await desk.context.incoming.read_back(key)
    announced: Any = type("Said", (), {"sha256": digest, "size": len(OTHER), "media_type": "image/jpeg"})()
    announced.file_name = announced.capture = ""
    async with desk.context.database.writing(Caller("station")) as uow:
        assert await look_up(uow.session, place, announced, lock=True) is None
        await add_version(uow, place, announced, key, fixity)
        sweeping = asyncio.create_task(swept(desk, days=8))
        await asyncio.sleep(0.5)
        assert not sweeping.done()
    assert await sweeping == NOTHING
    assert pages_lying(desk) == {JPEG, OTHER}
