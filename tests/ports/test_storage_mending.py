"""A damaged object is put right in its place, and what lay there is never lost."""

import asyncio
import errno
import os
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from cli.backing.seaweed import Seaweed
from shared.storage.address import Address
from shared.storage.bucket import Bucket, Lying
from shared.storage.digest import fixity_of, streamed
from shared.storage.folder import FolderStore
from shared.storage.port import MIB, AlreadyStored, DigestMismatch, Fixity, LengthMismatch, NotStored, Unreadable
from shared.storage.s3 import S3Store
from shared.storage.s3_answers import ANNOUNCED_SIZE
from shared.storage.throttle import Throttle
from tests.ports.kept import Kept, cut, gathered, put, some_bytes
from tests.raw_stores import s3_client

RIGHT, DAMAGED = some_bytes(3 * MIB + 5), some_bytes(3 * MIB + 5, seed=2)


async def replaced(kept: Kept, body: bytes = RIGHT, *, aside: str = "") -> Fixity:
    assert isinstance(kept.store, FolderStore | S3Store)
    digest = sha256(RIGHT).hexdigest()
    aside = aside or f"damaged/{kept.top}/abc/a/b"
    return await kept.store.replace_damaged(f"{kept.top}/a/b", cut(body), size=len(RIGHT), sha256=digest, aside=aside)


@pytest.mark.parametrize("lying", [DAMAGED, DAMAGED[:-1], DAMAGED + b"x", b""])
async def test_right_bytes_take_the_place_and_the_damaged_ones_are_kept_aside(kept: Kept, lying: bytes) -> None:
    await put(kept, "a/b", lying)
    assert await replaced(kept) == await fixity_of(streamed(RIGHT))
    assert await gathered(kept.store.read(f"{kept.top}/a/b")) == RIGHT
    assert await gathered(kept.store.read(f"damaged/{kept.top}/abc/a/b")) == lying
    assert [found.key for found in await kept.listed()] == [f"{kept.top}/a/b"]
    with pytest.raises(AlreadyStored):
        await put(kept, "a/b", b"nobody else replaces anything")


async def test_remains_of_a_write_that_was_broken_off_are_replaced_and_kept(seaweed: Seaweed) -> None:
    kept = Kept(S3Store(Address.of(urlsplit(seaweed.url("storage"))), "test"), uuid4().hex)
    await kept.store.prepare()
    client = s3_client(seaweed.url("storage"))
    told: dict[str, str | list[str] | tuple[str]] = {ANNOUNCED_SIZE: str(len(RIGHT))}
    key = f"{kept.top}/a/b"
    await asyncio.to_thread(client.put_object, "storage", key, BytesIO(b"short"), 5, metadata=told)
    with pytest.raises(NotStored):
        await kept.store.read_back(key)
    await replaced(kept)
    assert await gathered(kept.store.read(key)) == RIGHT
    answer = await asyncio.to_thread(client.get_object, "storage", f"damaged/{kept.top}/abc/a/b")
    assert answer.data == b"short"
    await kept.store.close()


async def test_who_comes_too_late_changes_nothing(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(S3Store(Address.of(urlsplit(seaweed.url("storage"))), "test"), uuid4().hex)
    await kept.store.prepare()
    await put(kept, "a/b", DAMAGED)
    stat, key = Bucket.stat, f"{kept.top}/a/b"

    def outdated(bucket: Bucket, asked: str) -> Lying:
        lying = stat(bucket, asked)
        return Lying(lying.size, "0" * 32, lying.is_whole) if asked == key else lying

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Bucket, "stat", outdated)
        with pytest.raises(AlreadyStored):
            await replaced(kept)
    assert await gathered(kept.store.read(key)) == DAMAGED
    assert await kept.store.size(f"damaged/{kept.top}/abc/a/b") is None
    await kept.store.close()


async def test_what_is_missing_is_written_and_nothing_is_kept_aside(kept: Kept) -> None:
    await replaced(kept)
    assert await gathered(kept.store.read(f"{kept.top}/a/b")) == RIGHT
    assert await kept.store.size(f"damaged/{kept.top}/abc/a/b") is None


async def test_wrong_bytes_replace_nothing(kept: Kept) -> None:
    await put(kept, "a/b", DAMAGED)
    for body, refusal in ((DAMAGED, DigestMismatch), (RIGHT[:-1], LengthMismatch), (RIGHT + b"x", LengthMismatch)):
        with pytest.raises(refusal):
            await replaced(kept, body)
    assert await gathered(kept.store.read(f"{kept.top}/a/b")) == DAMAGED
    if kept.root:
        assert list((kept.root / ".unfinished").iterdir()) == []


async def test_to_be_killed_before_the_exchange_and_to_do_it_again_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(FolderStore(tmp_path, "archive"), "top", tmp_path)
    await kept.store.prepare()
    await put(kept, "a/b", DAMAGED)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            await replaced(kept)
    aside = f"damaged/{kept.top}/abc/a/b"
    for key in (f"{kept.top}/a/b", aside):
        assert await gathered(kept.store.read(key)) == DAMAGED
    await replaced(kept)
    assert await gathered(kept.store.read(f"{kept.top}/a/b")) == RIGHT
    assert [found.key async for found in kept.store.keys("damaged/")] == [aside]
    await kept.store.close()


async def test_other_bytes_that_were_kept_aside_are_not_lost_either(kept: Kept) -> None:
    top = f"damaged/{kept.top}/"
    await kept.store.put_new(f"{top}x", streamed(b"earlier"), size=7)
    await put(kept, "a/b", DAMAGED)
    await replaced(kept, aside=f"{top}x")
    aside = [found async for found in kept.store.keys(top)]
    assert sorted(found.size for found in aside) == [7, len(DAMAGED)]


async def test_the_same_damage_is_kept_once(kept: Kept) -> None:
    for _ in range(2):
        await kept.store.delete(f"{kept.top}/a/b")
        await put(kept, "a/b", DAMAGED)
        await replaced(kept)
    assert len([found async for found in kept.store.keys(f"damaged/{kept.top}/")]) == 1


async def test_an_object_that_is_right_again_never_hides_what_was_kept_aside(kept: Kept) -> None:
    await put(kept, "a/b", DAMAGED)
    await replaced(kept)
    await replaced(kept)
    assert await gathered(kept.store.read(f"damaged/{kept.top}/abc/a/b")) == DAMAGED


async def test_a_sector_that_is_gone_is_damage_and_no_outage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(FolderStore(tmp_path, "archive"), "top", tmp_path)
    await kept.store.prepare()
    await put(kept, "a/b", DAMAGED)

    def gone(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(os, "pread", gone)
        with pytest.raises(Unreadable):
            await kept.store.read_back(f"{kept.top}/a/b")
    await kept.store.close()


async def test_reading_back_keeps_to_a_pace(kept: Kept) -> None:
    await put(kept, "a/b", RIGHT)
    told: list[int] = []

    async def tell(size: int) -> None:
        told.append(size)

    assert await kept.store.read_back(f"{kept.top}/a/b", pace=tell) == await fixity_of(streamed(RIGHT))
    assert sum(told) == len(RIGHT)
    started = time.monotonic()
    await kept.store.read_back(f"{kept.top}/a/b", pace=Throttle(10 * MIB))
    assert time.monotonic() - started >= 0.3
    with pytest.raises(NotStored):
        await kept.store.read_back(f"{kept.top}/nothing", pace=tell)
