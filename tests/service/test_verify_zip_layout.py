"""The check of packages finds every ZIP that is not laid out as one whole without gaps."""

import asyncio
import struct
from pathlib import Path

import pytest

from tests.sample_package import AIP, SIP, aip_files, sip_files, zip_bytes
from tests.service.packages_on_disk import PAGE, codes, found, put


def test_bytes_before_between_and_behind_are_found(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(SIP, sip_files()))
    assert codes(put(tmp_path, whole + b"x")) == {"zip_trailing_bytes"}
    assert codes(put(tmp_path, whole[:-2] + b"\1\0x")) == {"zip_trailing_bytes"}
    assert codes(put(tmp_path, b"#!/bin/sh\n" + whole)) == {"zip_layout"}
    between = whole.index(b"PK\1\2")
    assert codes(put(tmp_path, whole[:between] + b"hidden" + whole[between:])) == {"zip_layout"}
    assert codes(put(tmp_path, whole + whole)) == {"zip_layout"}
    assert codes(put(tmp_path, whole[:-2] + b"\1\0")) == {"zip_unreadable"}
    end = whole.rindex(b"PK\5\6")
    hidden = whole[:between] + b"hidden" + whole[between:end] + changed_end(whole[end:], at=6)
    assert codes(put(tmp_path, hidden)) == {"zip_layout"}
    inside = whole[:end] + b"hidden" + changed_end(whole[end:], length=6)
    assert codes(put(tmp_path, inside)) == {"zip_layout"}
    assert codes(put(tmp_path, whole[:end] + changed_end(whole[end:], count=-1))) == {"zip_layout"}


def changed_end(end: bytes, *, count: int = 0, length: int = 0, at: int = 0) -> bytes:
    """Add to the numbers of an end record."""
    signature, disk, first_disk, here, total, long, place, comment = struct.unpack("<4s4H2IH", end)
    values = (signature, disk, first_disk, here + count, total + count, long + length, place + at, comment)
    return struct.pack("<4s4H2IH", *values)


def test_two_end_records_that_disagree_are_found(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(AIP, aip_files()))
    end = whole.rindex(b"PK\5\6")
    count, length, at = struct.unpack_from("<HII", whole, end + 10)
    wide = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, at)
    wide += struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    assert codes(put(tmp_path, whole[:end] + wide + whole[end:])) == {"zip_spelling"}, "a small ZIP needs none"
    for change in ({"count": 1}, {"length": 1}, {"at": 1}):
        body = whole[:end] + wide + changed_end(whole[end:], **change)
        assert codes(put(tmp_path, body)) == {"zip_header_disagrees"}


def test_a_download_cut_short_anywhere_is_found(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(AIP, aip_files()))
    for length in range(0, len(whole), 97):
        assert codes(put(tmp_path, whole[:length])) == {"zip_unreadable"}
    assert codes(put(tmp_path, whole[:-1])) == {"zip_unreadable"}


def test_entries_that_share_their_bytes_as_bombs_do_are_found(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(AIP, aip_files()))
    first = whole.index(b"PK\1\2")
    second = whole.index(b"PK\1\2", first + 4)
    end = whole.rindex(b"PK\5\6")
    again = whole[first:second].replace(b"METS.xml", b"METS.xm2")
    fields = list(struct.unpack("<4s4H2IH", whole[end:]))
    fields[3], fields[4], fields[5] = fields[3] + 1, fields[4] + 1, fields[5] + len(again)
    bomb = whole[:end] + again + struct.pack("<4s4H2IH", *fields)
    assert codes(put(tmp_path, bomb)) == {"zip_layout"}


def test_numbers_that_cannot_be_are_refused_before_they_are_believed(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(AIP, aip_files()))
    end = whole.rindex(b"PK\5\6")
    for place, value in ((8, 0xFFFF), (10, 0xFFFF), (12, 0xFFFFFFF0), (16, 0xFFFFFFF0), (12, 0)):
        damaged = bytearray(whole)
        struct.pack_into("<H" if place < 12 else "<I", damaged, end + place, value)
        assert codes(put(tmp_path, bytes(damaged))) & {"zip_layout", "zip_unreadable"}
    damaged = bytearray(whole)
    struct.pack_into("<I", damaged, whole.index(b"PK\1\2") + 24, 0xFFFFFFF0)
    assert codes(put(tmp_path, bytes(damaged))) == {"zip_sizes_impossible"}
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 60, 0)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1)
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0)
    assert codes(put(tmp_path, record + locator + tail)) == {"zip_layout"}


def test_a_wrong_crc_in_an_otherwise_true_zip_is_found(tmp_path: Path) -> None:
    whole = bytearray(asyncio.run(zip_bytes(SIP, sip_files())))
    page = sip_files()[PAGE]
    at = bytes(whole).index(page)
    whole[at + 10] ^= 1
    assert found(put(tmp_path, bytes(whole))) == {("zip_crc_wrong", PAGE)}


@pytest.mark.parametrize("body", [b"", b"PK", b"PK\5\6" + bytes(18), b"not a zip at all" * 10, bytes(100_000)])
def test_what_is_no_zip_is_refused(body: bytes, tmp_path: Path) -> None:
    assert codes(put(tmp_path, body)) & {"zip_unreadable", "several_tops", "zip_layout"}
