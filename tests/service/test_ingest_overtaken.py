"""A page whose bytes another request drops before it is entered is to be sent again, and never entered without them."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.ingest.domain.incoming_key import page_key
from shared.storage.port import Fixity
from tests.grounds import Ground
from tests.service.sealing_desk import SealingDesk, sealing_desk
from tests.service.sweeping_desk import left, pages_lying
from tests.service.test_ingest_pages import JPEG, OTHER, put


@pytest.fixture
async def desk(tmp_path: Path, ground: Ground) -> AsyncIterator[SealingDesk]:
    async with sealing_desk(tmp_path, ground.empty_database_url("ingest")) as made:
        yield made


async def test_what_was_found_may_be_gone_when_it_is_read(desk: SealingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, _ = await desk.scanned([JPEG])
    await left(desk, page_key(dossier, 2, sha256(OTHER).hexdigest()), OTHER)
    read_back = desk.context.incoming.read_back

    async def overtaken(key: str) -> Fixity:
        await desk.context.incoming.delete(key)
        return await read_back(key)

    await refused_and_sent_again(desk, dossier, monkeypatch, "read_back", overtaken)


async def test_what_was_stored_just_now_is_looked_for_before_it_is_entered(
    desk: SealingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, _ = await desk.scanned([JPEG])
    put_new = desk.context.incoming.put_new

    async def overtaken(key: str, *given: Any, **named: Any) -> Fixity:  # noqa: ANN401 - the store's own
        fixity = await put_new(key, *given, **named)
        await desk.context.incoming.delete(key)
        return fixity

    await refused_and_sent_again(desk, dossier, monkeypatch, "put_new", overtaken)


async def refused_and_sent_again(
    desk: SealingDesk, dossier: UUID, monkeypatch: pytest.MonkeyPatch, act: str, overtaken: object
) -> None:
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.context.incoming, act, overtaken)
        answer = await put(desk.station, dossier, 2, OTHER)
    assert (answer.status_code, answer.json()["code"]) == (503, "ingest.page_swept")
    assert (await put(desk.station, dossier, 2, OTHER)).status_code == 201
    assert pages_lying(desk) == {JPEG, OTHER}
