"""TARs made by arithmetic, read by the tools that others have."""

import asyncio
import io
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eark.errors import RangeUnsatisfiable, SourceDisagrees, UnsafePath
from shared.eark.portions import HeldPortions
from shared.eark.virtual_tar import VirtualTar
from shared.eark.zip_headers import ZipEntry
from tests.virtual_files import AT, collected, entry, reader_of

HUGE = (1 << 33) + 12_345  # more than eleven octal digits tell
READERS = [each for each in ("tar", "bsdtar") if shutil.which(each)]
BODIES = {
    "g/METS.xml": b"<mets/>",
    "g/d/0001.jpg": bytes(range(256)) * 9,
    "g/rỗng.txt": b"",
    "g/chữ.txt": b"\xe1\xbb\x97" * 200,
    f"g/{'d' * 95}/x.txt": b"behind a hundred and one bytes",
    f"g/{'e' * 94}/x": b"behind a hundred",
    f"g/{'ữ' * 80}/{'dài' * 60}.txt": b"x" * 512,
    "g/last.bin": b"y" * 1024,
}


def small() -> VirtualTar:
    return VirtualTar.of([entry(path, body) for path, body in BODIES.items()])


read_small = reader_of(BODIES)


async def collect(layout: VirtualTar, start: int = 0, length: int | None = None) -> bytes:
    return await collected(layout, read_small, start, length)


WHOLE = asyncio.run(collect(small()))


def test_python_finds_the_files_as_they_were_owned_by_nobody_and_of_one_time() -> None:
    assert (len(WHOLE), len(WHOLE) % 10_240) == (small().size, 0)
    with tarfile.open(fileobj=io.BytesIO(WHOLE), mode="r:") as opened:
        members = opened.getmembers()
        assert [each.name for each in members] == list(BODIES)
        for each in members:
            file = opened.extractfile(each)
            assert file is not None
            assert file.read() == BODIES[each.name]
            assert (each.isreg(), each.mode, each.uid, each.gid, each.uname, each.gname) == (True, 0o644, 0, 0, "", "")
            assert each.mtime == AT.timestamp()


def test_the_tools_there_are_unpack_it(tmp_path: Path) -> None:
    assert "tar" in READERS
    (tmp_path / "p.tar").write_bytes(WHOLE)
    for reader in READERS:
        to = tmp_path / reader
        to.mkdir()
        done = subprocess.run([reader, "-xf", tmp_path / "p.tar", "-C", to], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert {str(each.relative_to(to)): each.read_bytes() for each in to.rglob("*") if each.is_file()} == BODIES


def test_only_names_that_do_not_fit_have_an_extended_header() -> None:
    fits = VirtualTar.of([entry(f"g/{'e' * 94}/xy", b"")])
    assert [len(VirtualTar.of([entry(path, b"")])._end) for path in ("a", "ữ")] == [10_240 - 512, 10_240 - 3 * 512]
    assert len(fits._end) == 10_240 - 512


def test_the_same_files_are_the_same_bytes_in_every_version() -> None:
    """Whoever holds half of a TAR goes on with it: a change of these bytes is a change of what was announced."""
    assert sha256(WHOLE).hexdigest() == "870edfa82d8331d1cd95e501e3d2ea823cf35eabe35eca8d94ee10c517a834cf"


@given(st.data())
def test_any_range_is_the_slice_of_the_whole(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    length = data.draw(st.integers(0, len(WHOLE) - start))
    assert asyncio.run(collect(small(), start, length)) == WHOLE[start : start + length]


@given(st.lists(st.integers(0, len(WHOLE)), max_size=20))
def test_a_transfer_cut_anywhere_and_resumed_gives_the_whole(cuts: list[int]) -> None:
    places = sorted({0, *cuts, len(WHOLE)})
    parts = [asyncio.run(collect(small(), here, there - here)) for here, there in pairwise(places)]
    assert b"".join(parts) == WHOLE


def test_one_byte_ranges_meet_every_seam() -> None:
    layout = small()
    assert b"".join(asyncio.run(collect(layout, at, 1)) for at in range(layout.size)) == WHOLE


async def test_a_range_outside_and_a_name_twice_are_refused() -> None:
    for start, length in ((-1, 1), (0, len(WHOLE) + 1), (len(WHOLE) + 1, 0)):
        with pytest.raises(RangeUnsatisfiable):
            await collect(small(), start, length)
    with pytest.raises(UnsafePath):
        VirtualTar.of([entry("g/x", b"1"), entry("g/x", b"2")])
    assert await collect(VirtualTar.of([])) == bytes(10_240)


@pytest.mark.parametrize("given_bytes", [b"<mets/", b"<mets/>x", b"<metz/>", b""])
async def test_a_source_that_gives_other_bytes_breaks_the_transfer_off(given_bytes: bytes) -> None:
    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield given_bytes

    given_out = bytearray()
    with pytest.raises(SourceDisagrees):
        async for chunk in VirtualTar.of([entry("g/METS.xml", b"<mets/>")]).stream(read=read):
            given_out += chunk
    assert len(given_out) < 512 + len(b"<mets/>")


def test_any_change_of_what_is_laid_out_gives_another_mark() -> None:
    first = entry("g/METS.xml", b"<mets/>")
    others = [
        ZipEntry("g/METS.xm", first.size, first.crc32, AT, first.source),
        ZipEntry(first.path, first.size + 1, first.crc32, AT, first.source),
        ZipEntry(first.path, first.size, first.crc32 ^ 1, AT, first.source),
        ZipEntry(first.path, first.size, first.crc32, AT.replace(second=38), first.source),
        ZipEntry(first.path, first.size, first.crc32, AT, "elsewhere"),
    ]
    assert len({HeldPortions([each]).tally.mark for each in (first, *others)}) == 6
    assert HeldPortions([first]).tally.mark == HeldPortions([entry("g/METS.xml", b"<mets/>")]).tally.mark


def test_a_file_of_more_than_eight_gib_is_told_of_by_pax(tmp_path: Path) -> None:
    layout = VirtualTar.of([ZipEntry("g/huge.bin", HUGE, 0, AT, "huge"), entry("g/METS.xml", b"<mets/>", "g/METS.xml")])
    begin = asyncio.run(collect(layout, 0, 3 * 512))
    last_header = len(begin) + HUGE + -HUGE % 512
    end = asyncio.run(collect(layout, last_header, layout.size - last_header))
    place = tmp_path / "huge.tar"
    with place.open("wb") as file:  # with a hole where the zeros are
        file.write(begin)
        file.seek(layout.size - len(end))
        file.write(end)
    with tarfile.open(place) as opened:
        assert [(each.name, each.size) for each in opened.getmembers()] == [("g/huge.bin", HUGE), ("g/METS.xml", 7)]
        last = opened.extractfile("g/METS.xml")
        assert last is not None
        assert last.read() == b"<mets/>"
    for reader in READERS:
        listed = subprocess.run([reader, "-tvf", place], capture_output=True, text=True, check=True).stdout
        assert f" {HUGE} " in listed
        assert listed.splitlines()[1].endswith("g/METS.xml")
