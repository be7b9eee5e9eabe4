"""What every store promises, on each thing a store can be made of."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from shared.storage.digest import fixity_of, streamed
from shared.storage.keys import KeyMalformed
from shared.storage.port import (
    MIB,
    AlreadyStored,
    DigestMismatch,
    Fixity,
    LengthMismatch,
    NotStored,
    StoredObject,
)
from tests.ports.kept import Kept, cut, gathered, put, some_bytes

SIZES = [0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 3]
MALFORMED = [
    "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", ".unfinished/a", "a/.hidden",
    "a\\b", "a\0b", "a b", "hồ-sơ", "%2e%2e/a", "a\n", "~", "a:b", "C:/a", "a" * 300, "a/" * 500 + "a",
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_put_is_what_is_read(kept: Kept, size: int, tmp_path: Path) -> None:
    content = some_bytes(size)
    key, digest = f"{kept.top}/a/b", sha256(content).hexdigest()
    fixity = await kept.store.put_new(key, cut(content), size=size, sha256=digest)
    assert fixity == await fixity_of(streamed(content))
    assert await kept.store.size(key) == size
    chunks = [chunk async for chunk in kept.store.read(key)]
    assert b"".join(chunks) == content
    assert all(0 < len(chunk) <= MIB for chunk in chunks)
    assert await kept.store.read_back(key) == fixity
    copy = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    await kept.store.copy_to(key, copy)
    os.close(copy)
    assert (tmp_path / "copy").read_bytes() == content


@pytest.mark.parametrize("length", [1, 4097, MIB + 1, 6 * MIB])
async def test_chunks_may_come_in_any_length(kept: Kept, length: int) -> None:
    content = some_bytes(2 * MIB + 5) if length > 1 else b"abc"
    await kept.store.put_new(f"{kept.top}/a", cut(content, length), size=len(content))
    assert await gathered(kept.store.read(f"{kept.top}/a")) == content


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 1), (0, 0), (1, None), (MIB - 1, 2), (MIB, MIB), (5, 3 * MIB), (3 * MIB + 2, None), (3 * MIB, 99),
     (3 * MIB + 3, None), (3 * MIB + 3, 1), (9 * MIB, 5)],
)  # fmt: skip
async def test_a_range_is_that_part_of_the_object(kept: Kept, start: int, length: int | None) -> None:
    content = some_bytes(3 * MIB + 3)
    await put(kept, "a", content)
    end = None if length is None else start + length
    assert await gathered(kept.store.read(f"{kept.top}/a", start=start, length=length)) == content[start:end]


async def test_a_reader_may_stop_early(kept: Kept) -> None:
    await put(kept, "a", some_bytes(4 * MIB))
    for _ in range(3):
        chunks = kept.store.read(f"{kept.top}/a")
        assert isinstance(chunks, AsyncGenerator)
        async with aclosing(chunks):
            assert await anext(chunks)
    assert await kept.store.size(f"{kept.top}/a") == 4 * MIB


@pytest.mark.parametrize("length", [None, 0, 5])
async def test_what_is_not_there_has_no_size_and_cannot_be_read(kept: Kept, length: int | None) -> None:
    await put(kept, "folder/a", b"x")
    for name in ("b", "folder", "folder/b", "other/b"):
        key = f"{kept.top}/{name}"
        assert await kept.store.size(key) is None
        with pytest.raises(NotStored):
            await gathered(kept.store.read(key, length=length))
        with pytest.raises(NotStored):
            await kept.store.read_back(key)
        with pytest.raises(NotStored):
            await kept.store.copy_to(key, 1)


async def test_what_lies_there_is_never_overwritten(kept: Kept) -> None:
    await put(kept, "a", b"first")
    with pytest.raises(AlreadyStored):
        await put(kept, "a", b"second")
    assert await gathered(kept.store.read(f"{kept.top}/a")) == b"first"
    assert len(await kept.listed()) == 1


@pytest.mark.parametrize("size", [7, 2 * MIB])
async def test_of_eight_racing_writers_one_wins(kept: Kept, size: int) -> None:
    contents = [some_bytes(size, seed) for seed in range(8)]
    ended = await asyncio.gather(*(put(kept, "deep/er/a", each) for each in contents), return_exceptions=True)
    won = [index for index, outcome in enumerate(ended) if isinstance(outcome, Fixity)]
    assert len(won) == 1
    assert sum(isinstance(outcome, AlreadyStored) for outcome in ended) == 7
    assert await gathered(kept.store.read(f"{kept.top}/deep/er/a")) == contents[won[0]]


@pytest.mark.parametrize("come", [0, 1, MIB, 3 * MIB - 1, 3 * MIB + 1, 5 * MIB])
async def test_a_body_of_another_length_leaves_nothing(kept: Kept, come: int) -> None:
    with pytest.raises(LengthMismatch):
        await kept.store.put_new(f"{kept.top}/a", cut(some_bytes(come)), size=3 * MIB)
    assert await kept.holds_nothing()


async def test_a_body_where_none_was_announced_leaves_nothing(kept: Kept) -> None:
    with pytest.raises(LengthMismatch):
        await kept.store.put_new(f"{kept.top}/a", cut(b"x"), size=0)
    assert await kept.holds_nothing()


@pytest.mark.parametrize("size", SIZES)
async def test_a_body_of_another_digest_leaves_nothing(kept: Kept, size: int) -> None:
    with pytest.raises(DigestMismatch):
        await kept.store.put_new(f"{kept.top}/a", cut(some_bytes(size)), size=size, sha256=sha256(b"?").hexdigest())
    assert await kept.holds_nothing()
    await put(kept, "a", b"the key is still free")


@pytest.mark.parametrize("come", [0, 1, MIB, 2 * MIB + 1])
async def test_a_source_that_fails_leaves_nothing_and_its_error_passes_through(kept: Kept, come: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for chunk in cut(some_bytes(come)):
            yield chunk
        raise ConnectionResetError("the station went away")

    with pytest.raises(ConnectionResetError):
        await kept.store.put_new(f"{kept.top}/a", broken(), size=3 * MIB)
    assert await kept.holds_nothing()


@pytest.mark.parametrize("come", [0, 1, MIB, 2 * MIB + 1])
async def test_a_write_that_is_cancelled_midway_leaves_nothing(kept: Kept, come: int) -> None:
    waits = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        async for chunk in cut(some_bytes(come)):
            yield chunk
        waits.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(kept.store.put_new(f"{kept.top}/a", stuck(), size=3 * MIB))
    await waits.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await kept.holds_nothing()


async def test_a_write_that_is_cancelled_at_any_moment_is_whole_or_not_there(kept: Kept) -> None:
    content = some_bytes(3 * MIB)
    moments = Random(7)
    for turn in range(30):
        writing = asyncio.create_task(put(kept, str(turn), content))
        await asyncio.sleep(moments.uniform(0, 0.03))
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await asyncio.sleep(0.2)  # a server may still be busy with what it had got whole
    for found in await kept.listed():
        assert await gathered(kept.store.read(found.key)) == content
    assert kept.root is None or not list((kept.root / ".unfinished").iterdir())


async def test_keys_come_in_their_order_with_their_sizes(kept: Kept) -> None:
    names = ["q-z/1", "q/1", "q.x", "q0", "q/0/a", "Q", "q/0-a", "q_", "z/y/x/w", "a"]
    for size, name in enumerate(names):
        await put(kept, name, b"x" * size)
    expected = [StoredObject(f"{kept.top}/{name}", names.index(name)) for name in sorted(names)]
    assert await kept.listed() == expected
    for prefix in ("q", "q/", "q/0", "q-", "z/y/", "z/y/x/w", "a", "nothing", "nothing/at/all"):
        found = [each async for each in kept.store.keys(f"{kept.top}/{prefix}")]
        assert found == [each for each in expected if each.key.startswith(f"{kept.top}/{prefix}")]


async def test_more_keys_than_one_answer_holds_are_all_listed(kept: Kept) -> None:
    names = [f"many/{number:04}" for number in range(1100)]
    for start in range(0, len(names), 100):
        await asyncio.gather(*(put(kept, name, b"x") for name in names[start : start + 100]))
    assert [found.key for found in await kept.listed()] == [f"{kept.top}/{name}" for name in names]


async def test_what_was_deleted_is_gone_and_deleting_it_again_is_fine(kept: Kept) -> None:
    await put(kept, "a/b/c", b"x")
    await put(kept, "a/d", b"y")
    for _ in range(2):
        await kept.store.delete(f"{kept.top}/a/b/c")
        await kept.store.delete(f"{kept.top}/a/b")
    assert [found.key for found in await kept.listed()] == [f"{kept.top}/a/d"]
    await put(kept, "a/b/c", b"again")


async def test_writing_beside_deleting_loses_nothing(kept: Kept) -> None:
    async def put_and_delete(name: str) -> None:
        for _ in range(20):
            await put(kept, f"dossier/{name}", b"x")
            await kept.store.delete(f"{kept.top}/dossier/{name}")

    await asyncio.gather(*(put_and_delete(name) for name in "abcdef"))
    assert await kept.holds_nothing()


@pytest.mark.parametrize("key", MALFORMED)
async def test_a_key_that_could_lead_elsewhere_is_refused(kept: Kept, key: str) -> None:
    with pytest.raises(KeyMalformed):
        await kept.store.put_new(key, streamed(b"x"), size=1)
    with pytest.raises(KeyMalformed):
        await gathered(kept.store.read(key))
    with pytest.raises(KeyMalformed):
        await kept.store.read_back(key)
    with pytest.raises(KeyMalformed):
        await kept.store.copy_to(key, 1)
    with pytest.raises(KeyMalformed):
        await kept.store.size(key)
    with pytest.raises(KeyMalformed):
        await kept.store.delete(key)


@pytest.mark.parametrize("prefix", ["..", "../", "a/../../", "/etc", ".unfinished"])
async def test_a_prefix_that_could_lead_elsewhere_is_refused(kept: Kept, prefix: str) -> None:
    with pytest.raises(KeyMalformed):
        [found async for found in kept.store.keys(prefix)]


async def test_a_large_object_never_lies_in_memory_whole(kept: Kept, tmp_path: Path) -> None:
    chunk, count, seen = some_bytes(65_536), 200 * MIB // 65_536, [memory_in_use()]

    async def large() -> AsyncIterator[bytes]:
        for number in range(count):
            yield chunk
            if number % 16 == 0:
                seen.append(memory_in_use())

    await kept.store.put_new(f"{kept.top}/large", large(), size=count * len(chunk))
    seen.extend([memory_in_use() async for _ in kept.store.read(f"{kept.top}/large")])
    await kept.store.read_back(f"{kept.top}/large")
    copy = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    await kept.store.copy_to(f"{kept.top}/large", copy)
    os.close(copy)
    seen.append(memory_in_use())
    await kept.store.delete(f"{kept.top}/large")
    assert max(seen) - seen[0] < 40 * MIB


def memory_in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
