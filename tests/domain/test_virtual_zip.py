"""ZIPs made by arithmetic. Sources are made up on the fly, so that 4 GiB cost neither disk nor time."""

import asyncio
import io
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eark.errors import PackageMisdescribed, RangeUnsatisfiable, SourceDisagrees, UnsafePath
from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry
from tests.virtual_files import AT, collected, entry, reader_of

HUGE, HUGE_CRC32 = (1 << 32) + 12_345, 0x1E83137D  # so many zeros, and their CRC-32
BODIES = {
    "g/METS.xml": b"<mets/>",
    "g/d/0001.jpg": bytes(range(256)) * 9,
    "g/rỗng.txt": b"",
    "g/chữ.txt": b"\xe1\xbb\x97",
}


def small() -> VirtualZip:
    return VirtualZip.of([entry(path, body) for path, body in BODIES.items()])


read_small = reader_of(BODIES)


async def collect(layout: VirtualZip, start: int = 0, length: int | None = None) -> bytes:
    return await collected(layout, read_small, start, length)


WHOLE = asyncio.run(collect(small()))


def test_every_reader_finds_the_files_as_they_were() -> None:
    assert len(WHOLE) == small().size
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == BODIES


def test_files_are_stored_with_utf8_names_fixed_times_and_no_data_descriptor() -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as opened:
        for info in opened.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.flag_bits == 1 << 11
            assert info.date_time == (2026, 6, 12, 11, 45, 36)
            assert not info.extra


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


async def test_a_range_reads_no_byte_of_a_source_that_was_not_asked_for() -> None:
    asked: list[tuple[str, int, int]] = []

    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        asked.append((wanted.path, start, length))
        async for chunk in read_small(wanted, start, length):
            yield chunk

    begin = WHOLE.index(BODIES["g/d/0001.jpg"])
    _ = [chunk async for chunk in small().stream(begin + 10, 20, read=read)]
    assert asked == [("g/d/0001.jpg", 10, 20)]


@pytest.mark.parametrize("given_bytes", [b"<mets/", b"<mets/>x", b"<metz/>", b""])
async def test_a_source_that_gives_other_bytes_breaks_the_transfer_off(given_bytes: bytes) -> None:
    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield given_bytes

    layout = VirtualZip.of([entry("g/METS.xml", b"<mets/>")])
    given_out = bytearray()
    with pytest.raises(SourceDisagrees):
        async for chunk in layout.stream(read=read):
            given_out += chunk
    assert len(given_out) <= 30 + len("g/METS.xml") + len(b"<mets/")  # the last bytes never left


@pytest.mark.parametrize("given_bytes", [b"<mets/", b"<mets/>x", b""])
async def test_a_source_that_answers_for_its_bytes_is_still_held_to_their_number(given_bytes: bytes) -> None:
    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield given_bytes

    layout = VirtualZip.of([entry("g/METS.xml", b"<mets/>")])
    with pytest.raises(SourceDisagrees):
        async for _ in layout.stream(read=read, is_proven=True):
            pass


async def test_a_source_is_let_go_of_when_the_reader_leaves() -> None:
    closed: list[str] = []

    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        try:
            async for chunk in read_small(wanted, start, length):
                yield chunk
        finally:
            closed.append(wanted.path)

    stream = small().stream(read=read)
    while b"\x00\x01\x02" not in await anext(stream):
        pass
    await stream.aclose()
    assert closed == ["g/METS.xml", "g/d/0001.jpg"]


@pytest.mark.parametrize(("start", "length"), [(-1, 1), (0, len(WHOLE) + 1), (len(WHOLE) + 1, None), (5, -1)])
async def test_bytes_outside_the_zip_are_refused(start: int, length: int | None) -> None:
    with pytest.raises(RangeUnsatisfiable):
        await collect(small(), start, length)


@pytest.mark.parametrize("path", ["/g", "g//a", "../a", "g/..", "g\\a", "C:a", "g/a\n", "g/\x00", "", "g/", "x" * 1001])
def test_a_name_that_could_leave_the_folder_is_refused(path: str) -> None:
    with pytest.raises(UnsafePath):
        entry(path, b"")


def test_a_name_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UnsafePath):
        VirtualZip.of([entry("g/a", b""), entry("g/a", b"")])


def test_impossible_numbers_are_refused() -> None:
    for size, crc in ((-1, 0), (0, 1 << 32), (0, -1)):
        with pytest.raises(PackageMisdescribed):
            ZipEntry("g/a", size, crc, AT, "")


def test_an_empty_zip_is_a_zip() -> None:
    body = asyncio.run(collect(VirtualZip.of([])))
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == []


def test_seventy_thousand_files_are_all_found() -> None:
    count = 70_000
    layout = VirtualZip.of([ZipEntry(f"g/{number:06}", 1, zlib.crc32(b"."), AT, "") for number in range(count)])

    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        yield b"."

    async def whole() -> bytes:
        return b"".join([chunk async for chunk in layout.stream(read=read)])

    body = asyncio.run(whole())
    assert len(body) == layout.size
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        assert len(opened.namelist()) == count
        assert opened.read("g/069999") == b"."


def test_sixty_five_thousand_five_hundred_and_thirty_five_files_are_counted_right_at_the_edge() -> None:
    for count in (65_534, 65_535):
        layout = VirtualZip.of([ZipEntry(f"g/{number}", 0, 0, AT, "") for number in range(count)])
        body = asyncio.run(collect(layout))
        assert (b"PK\6\6" in body[-120:]) is (count == 65_535)
        assert len(zipfile.ZipFile(io.BytesIO(body)).namelist()) == count


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ZIP with a file over 4 GiB and one behind it, written as a sparse file: only its headers take room."""
    if sys.platform != "linux":
        pytest.skip("needs sparse files")
    layout = VirtualZip.of([ZipEntry("g/zeros", HUGE, HUGE_CRC32, AT, "zeros"), entry("g/METS.xml", b"<mets/>")])
    path = tmp_path_factory.mktemp("huge") / "huge.zip"

    async def read(wanted: ZipEntry, start: int, length: int) -> AsyncIterator[bytes]:
        body = BODIES[wanted.source] if wanted.source in BODIES else bytes(length)
        yield body[:length]

    async def write() -> None:
        behind = layout.size - 1000
        with path.open("wb") as file:
            for start, length in ((0, 1000), (behind, 1000)):
                file.seek(start)
                async for chunk in layout.stream(start, length, read=read):
                    file.write(chunk)

    asyncio.run(write())
    return path


def test_a_file_over_four_gibibytes_and_the_one_behind_it_are_found(huge: Path) -> None:
    with zipfile.ZipFile(huge) as opened:
        zeros, behind = opened.infolist()
        assert zeros.file_size == HUGE
        assert behind.header_offset > 1 << 32
        assert opened.read(behind) == b"<mets/>"
        with opened.open(zeros) as file:
            assert file.read(1000) == bytes(1000)


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_finds_what_lies_behind_four_gibibytes_and_all_of_a_small_one(huge: Path, tmp_path: Path) -> None:
    (tmp_path / "small.zip").write_bytes(WHOLE)
    for asked in ([str(tmp_path / "small.zip")], [str(huge), "g/METS.xml"]):  # the zeros would take it half a minute
        run = subprocess.run(["unzip", "-t", *asked], capture_output=True, check=False)  # noqa: S607 (unzip it is)
        assert run.returncode == 0, run.stdout + run.stderr


JAVA = """
import java.io.*; import java.util.zip.*;
public class Walk { public static void main(String[] given) throws IOException {
  long files = 0, bytes = 0; byte[] room = new byte[1 << 16];
  try (ZipInputStream in = new ZipInputStream(new FileInputStream(given[0]))) {
    while (in.getNextEntry() != null) { files++; for (int n; (n = in.read(room)) > 0;) bytes += n; } }
  try (ZipFile huge = new ZipFile(given[1]); InputStream in = huge.getInputStream(huge.getEntry("g/METS.xml"))) {
    System.out.println(files + " " + bytes + " " + huge.size() + " " + new String(in.readAllBytes())); } } }
"""


@pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler is installed")
def test_java_reads_it_both_as_a_stream_and_as_a_file(huge: Path, tmp_path: Path) -> None:
    (tmp_path / "Walk.java").write_text(JAVA)
    (tmp_path / "small.zip").write_bytes(WHOLE)
    command = ["java", str(tmp_path / "Walk.java"), str(tmp_path / "small.zip"), str(huge)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["4", str(sum(map(len, BODIES.values()))), "2", "<mets/>"], run.stderr
