"""Chance damages many objects of both copies: all of it is found, nothing else is, and what can be mended is."""

import errno
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from random import Random

import pytest

from services.ingest.domain.fixity import CopyState
from shared.storage.port import Fixity, MendableStore, Pace
from tests.grounds import Ground
from tests.raw_stores import damage
from tests.service.conftest import in_one_mode
from tests.service.scrubbing_desk import ScrubbingDesk, page_key, scrubbing_desk
from tests.service.test_ingest_pages import JPEG, OTHER

STORES = ("archive", "reserve")


@pytest.fixture
async def desk(ground: Ground) -> AsyncIterator[ScrubbingDesk]:
    async with scrubbing_desk(ground) as made:
        yield made


async def spoil(desk: ScrubbingDesk, store: str, key: str, chance: Random) -> None:
    raw = desk.store(store)
    body = await raw.take(key)
    kind = chance.choice(["flip", "cut", "empty", "append", "lose"])
    if kind == "flip":
        await damage(raw, key)
    elif kind == "lose":
        await raw.remove(key)
    else:
        await raw.lay(key, {"cut": body[: len(body) // 2], "empty": b"", "append": body + body}[kind])


@pytest.mark.parametrize("seed", range(3))
async def test_all_damage_is_found_and_nothing_else(desk: ScrubbingDesk, seed: int) -> None:
    chance = Random(seed)
    dossier = await desk.preserved([JPEG + bytes([number]) for number in range(25)])
    right = await desk.everything("archive")
    spoilt = {store: {key for key in sorted(right) if chance.random() < 0.4} for store in STORES}
    spoilt["reserve"] = {key for key in spoilt["reserve"] if not key.endswith(".manifest.json")}
    for store, keys in spoilt.items():
        for key in sorted(keys):
            await spoil(desk, store, key, chance)
    before = {store: await desk.everything(store) for store in STORES}
    lost = spoilt["archive"] & spoilt["reserve"]
    states = await desk.scrub(dossier)
    assert lost
    assert CopyState.QUARANTINED in states
    for store in STORES:
        found = await desk.findings(dossier, store)
        assert sum(found.values()) == len(spoilt[store])
        after = await desk.everything(store)
        assert {key: after.get(key) for key in right} == {
            key: before[store].get(key) if key in lost else body for key, body in right.items()
        }
        assert len(await desk.aside(store)) == len((spoilt[store] - lost) & before[store].keys())
    told = [key for each in await desk.facts("package.quarantined") for key in each["objects"]]
    assert set(told) == lost
    for key in lost:
        await desk.store(chance.choice(STORES)).lay(key, right[key])
    assert await desk.scrub(dossier) == {CopyState.WHOLE}
    assert await desk.everything("archive") == await desk.everything("reserve") == right


@in_one_mode
async def test_reading_keeps_to_the_bytes_a_second_that_were_set(ground: Ground) -> None:
    async with scrubbing_desk(ground, ingest_scrub_bytes_a_second="100000") as desk:
        dossier = await desk.preserved([JPEG, OTHER])
        size = sum(copy.byte_count for copy in (await desk.copies(dossier)).values())
        started = time.monotonic()
        await desk.scrub(dossier)
        assert time.monotonic() - started >= size / 100_000


@in_one_mode
async def test_a_sector_that_is_gone_is_repaired(desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await desk.preserved([JPEG, OTHER])
    right = await desk.everything("archive")
    gone = desk.ground.folder / "stores" / "archive" / page_key(right, 1)
    inode, pread = gone.stat().st_ino, os.pread

    def read(descriptor: int, length: int, start: int) -> bytes:
        if os.fstat(descriptor).st_ino == inode:
            raise OSError(errno.EIO, "Input/output error")
        return pread(descriptor, length, start)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(os, "pread", read)
        assert await desk.scrub(dossier) == {CopyState.WHOLE}
        assert await desk.findings(dossier, "archive") == {"unreadable": 1}
    assert await desk.everything("archive") == right
    (aside,) = await desk.aside("archive")
    assert aside.startswith("damaged/unreadable-")


@in_one_mode
async def test_what_was_only_misread_is_not_quarantined(desk: ScrubbingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = await desk.preserved([JPEG])
    right = await desk.everything("archive")
    key = page_key(right, 1)

    def misreading(store: MendableStore) -> Callable[..., Awaitable[Fixity]]:
        read_back, first = store.read_back, [key]

        async def once(asked: str, *, pace: Pace | None = None) -> Fixity:
            fixity = await read_back(asked, pace=pace)
            if asked in first:
                first.remove(asked)
                return replace(fixity, sha256="0" * 64)
            return fixity

        return once

    with monkeypatch.context() as meanwhile:
        for store in desk.scrubber.stores:
            meanwhile.setattr(store, "read_back", misreading(store))
        assert await desk.scrub(dossier) == {CopyState.WHOLE}
    assert await desk.findings(dossier, "archive") == {"damaged": 1}
    assert (await desk.facts("copy.damaged"), await desk.aside("archive")) == ([], {})
    assert await desk.everything("archive") == await desk.everything("reserve") == right
