"""Entries in portions: any place is in the portion that is given for it, and a range asks for no other."""

import asyncio
import zlib
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from shared.eark.portions import AT_ONCE, HeldPortions, Portion, Scale
from shared.eark.tar_headers import padding, tar_header
from shared.eark.virtual_tar import VirtualTar
from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry, central_header, local_header
from tests.virtual_files import AT

COUNT = 3 * AT_ONCE + 5
ENTRIES = [ZipEntry(f"g/{number:04}.txt", number, zlib.crc32(bytes(number)), AT, "") for number in range(COUNT)]


class Watched(HeldPortions):
    """Portions that note by the name of its first file which ones were given."""

    def __init__(self) -> None:
        super().__init__(ENTRIES)
        self.given: list[str] = []

    async def since(self, scale: Scale, place: int) -> AsyncGenerator[Portion, None]:
        async for portion in super().since(scale, place):
            self.given.append(portion.entries[0].path)
            yield portion


async def read(_entry: ZipEntry, _start: int, length: int) -> AsyncIterator[bytes]:
    yield bytes(length)


def both(portions: Watched) -> tuple[VirtualZip, VirtualTar]:
    end = portions.tally.at
    return VirtualZip(portions, portions.tally.count, end), VirtualTar(portions, end.tar)


async def test_every_entry_begins_where_the_entries_before_it_end() -> None:
    held, at, places = HeldPortions(ENTRIES), [0, 0, 0], []
    for entry in ENTRIES:
        places.append(tuple(at))
        at[1] += len(central_header(entry, at[0]))
        at[0] += len(local_header(entry)) + entry.size
        at[2] += len(tar_header(entry)) + entry.size + padding(entry.size)
    assert tuple(held.tally.at) == tuple(at)
    for scale, name in enumerate(Scale):
        starts = [place[scale] for place in places]
        for wanted in range(0, at[scale], max(1, at[scale] // 999)):
            first = await anext(held.since(name, wanted))
            assert wanted >= first.at[scale] == starts[ENTRIES.index(first.entries[0])]
            assert ENTRIES[bisect_right(starts, wanted) - 1] in first.entries


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("size", [4 << 30, (4 << 30) - 1, 0xFFFFFFFF - 45])
async def test_what_lies_behind_four_gib_is_counted_right(form: int, size: int) -> None:
    entries = [ZipEntry("g/huge", size, 0, AT, ""), ZipEntry("g/behind", 3, zlib.crc32(bytes(3)), AT, "")]
    whole = (VirtualZip.of(entries), VirtualTar.of(entries))[form]
    headers = len(local_header(entries[0])) if form == 0 else len(tar_header(entries[0]))
    behind = [chunk async for chunk in whole.stream(headers + size, read=read)]
    assert sum(map(len, behind)) == whole.size - headers - size


@pytest.mark.parametrize("form", [0, 1])
async def test_a_range_asks_for_the_portions_that_it_touches_and_no_others(form: int) -> None:
    portions = Watched()
    whole = both(portions)[form]
    body = b"".join([chunk async for chunk in whole.stream(read=read)])
    assert len(body) == whole.size
    for start in range(0, whole.size - 99, whole.size // 50):
        portions.given.clear()
        assert b"".join([chunk async for chunk in whole.stream(start, 99, read=read)]) == body[start : start + 99]
        assert len(portions.given) <= 2, "two where the range lies across the border of portions"
    portions.given.clear()
    await anext(whole.stream(read=read))
    assert portions.given == ["g/0000.txt"]


def test_the_end_is_given_without_any_entry() -> None:
    portions = Watched()
    for whole in both(portions):
        assert len(asyncio.run(last(whole))) == 20
    assert portions.given == []


async def last(whole: VirtualZip | VirtualTar) -> bytes:
    return b"".join([chunk async for chunk in whole.stream(whole.size - 20, read=read)])
