"""Every byte of a package is proved while it is served: what one store has wrong comes from the other."""

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from services.handover.operations.reading import MibDamaged, read_ahead, read_proven
from shared.eark.zip_headers import ZipEntry
from shared.storage.port import MIB, NotStored, Store

BODY = random.Random(5).randbytes(3 * MIB + 1000)
SUMS = tuple(zlib.crc32(BODY[start : start + MIB]) for start in range(0, len(BODY), MIB))
ENTRY = ZipEntry("p/data/1.tif", len(BODY), zlib.crc32(BODY), datetime(2026, 1, 1, tzinfo=UTC), "key")


@dataclass
class Copy:
    """A store with one object, which comes in chunks of any size."""

    name: str
    body: bytes | None = BODY
    chunk: int = MIB
    asked: list[tuple[int, int]] = field(default_factory=list)

    async def read(self, _key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        if self.body is None:
            raise NotStored
        self.asked.append((start, length or 0))
        part = self.body[start : start + (length or 0)]
        for at in range(0, len(part), self.chunk):
            yield part[at : at + self.chunk]


def flipped(*places: int) -> bytes:
    body = bytearray(BODY)
    for place in places:
        body[place] ^= 1
    return bytes(body)


async def read(copies: list[Copy], begin: int, end: int, out: Callable[[bytes], None]) -> None:
    stores: list[Store] = copies  # type: ignore[assignment] # only what is read of them
    async for chunk in read_proven(stores, ENTRY, SUMS, begin, end):
        out(chunk)


async def got(copies: list[Copy], begin: int = 0, end: int = len(BODY)) -> bytes:
    given = bytearray()
    await read(copies, begin, end, given.extend)
    return bytes(given)


@pytest.mark.parametrize("chunk", [1000, MIB - 1, MIB])
async def test_any_range_is_what_was_stored_however_the_store_gives_it(chunk: int) -> None:
    chance = random.Random(3)
    for _ in range(30):
        begin = chance.randrange(len(BODY))
        end = chance.randrange(begin + 1, len(BODY) + 1)
        copy = Copy("archive", chunk=chunk)
        assert await got([copy, Copy("reserve")], begin, end) == BODY[begin:end]
        ((start, length),) = copy.asked
        assert start % MIB == 0, "no more is read than the MiBs that the range touches"
        assert start <= begin
        assert start + length - end < MIB


async def test_what_one_copy_has_wrong_comes_from_the_other() -> None:
    for wrong in (flipped(5), flipped(MIB, 3 * MIB + 999), BODY[: 2 * MIB + 7], b"", None):
        assert await got([Copy("archive", wrong), Copy("reserve")]) == BODY
    both = [Copy("archive", flipped(5, 2 * MIB)), Copy("reserve", flipped(MIB + 1, 3 * MIB))]
    assert await got(both) == BODY, "no MiB is wrong in both of them"


async def test_a_mib_that_is_wrong_in_both_copies_breaks_the_transfer_off_before_it() -> None:
    given = bytearray()
    copies = [Copy("archive", flipped(MIB + 9)), Copy("reserve", flipped(MIB + 10))]
    with pytest.raises(MibDamaged):
        await read(copies, 100, len(BODY), given.extend)
    assert bytes(given) == BODY[100:MIB]
    assert await got(copies, 2 * MIB, 2 * MIB + 5) == BODY[2 * MIB : 2 * MIB + 5], "another range is not touched by it"


async def test_the_next_chunk_is_read_while_the_one_before_it_is_on_its_way() -> None:
    read, ended = [], []

    async def stored() -> AsyncIterator[bytes]:
        try:
            for chunk in (b"one", b"two", b"three"):
                read.append(chunk)
                yield chunk
        finally:
            ended.append(True)

    source = stored()
    chunks = read_ahead(source)
    assert await anext(chunks) == b"one"
    await asyncio.sleep(0)
    assert read == [b"one", b"two"], "one ahead, not more"
    await chunks.aclose()
    await source.aclose()  # type: ignore[attr-defined] # a generator
    assert ended == [True]
    assert b"".join([chunk async for chunk in read_ahead(stored())]) == b"onetwothree"


async def test_what_goes_wrong_ahead_is_told_behind_what_was_right() -> None:
    async def stored() -> AsyncIterator[bytes]:
        yield b"right"
        raise NotStored

    given = []
    with pytest.raises(NotStored):
        async for chunk in read_ahead(stored()):
            given.append(chunk)  # noqa: PERF401 - what came before the failure counts
    assert given == [b"right"]
