"""The check of packages on disk, against good ones, damaged ones, and ones made to hurt it."""

import asyncio
import io
import os
import re
import struct
import time
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import shared.eark
from cli.verify import verify
from shared.eark import folder_source, mets_reader, zip_directory
from shared.eark.names import folder_name
from shared.eark.seal import LENGTH, sealed
from shared.eark.verify import verify_package
from shared.texts import Texts
from tests.sample_package import AIP, MASTERS, SIP, aip_files, masters_files, sip_files, write_folder, zip_bytes

Files = dict[str, bytes]
KINDS: dict[str, tuple[str, Callable[[], Files]]] = {
    "masters": (MASTERS, masters_files),
    "aip": (AIP, aip_files),
    "sip": (SIP, sip_files),
}
TOP = folder_name(SIP)
DOSSIER = "metadata/descriptive/dossier.json"
PAGE = "representations/rep1/data/0001.jpg"
INNER = "representations/rep1/METS.xml"


def codes(path: Path) -> set[str]:
    return {fault.code for fault in verify_package(path)}


def found(path: Path) -> set[tuple[str, str]]:
    return {(fault.code, fault.path) for fault in verify_package(path)}


def in_folder(tmp_path: Path, files: Files, objid: str = SIP) -> Path:
    return write_folder(files, tmp_path / folder_name(objid))


def in_zip(tmp_path: Path, files: Files, objid: str = SIP) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(asyncio.run(zip_bytes(objid, files)))
    return path


def put(tmp_path: Path, body: bytes) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(body)
    return path


def replaced(files: Files, path: str, body: bytes) -> Files:
    """Put another body in place and make every METS true again: what a clever or careless writer would do."""
    files = {**files, path: body}
    for mets in (INNER, "METS.xml"):
        if mets != path and mets in files:
            folder = mets.removesuffix("METS.xml")
            files[mets] = listing(files[mets], path.removeprefix(folder), files[path])
    if INNER in files:
        files["METS.xml"] = listing(files["METS.xml"], INNER, files[INNER])
    return files


def listing(mets: bytes, href: str, body: bytes) -> bytes:
    """Rewrite size and digest of one file in a METS, and seal it anew."""
    sums = rb'SIZE="\d+"( CREATED="[^"]+") CHECKSUM="\w+"'
    new = rb'SIZE="%d"\1 CHECKSUM="%s"' % (len(body), sha256(body).hexdigest().encode())
    link = rb'xlink:href="' + re.escape(href.encode()) + rb'"'
    mets = re.sub(rb"(<mdRef [^>]*" + link + rb"[^>]*?)" + sums, rb"\1" + new.replace(rb"\1", rb"\2"), mets)
    mets = re.sub(rb"(<file [^>]*?)" + sums + rb"([^>]*>\s*<FLocat [^>]*" + link + rb")", swap(new), mets)
    return sealed(mets[:-LENGTH])


def swap(new: bytes) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: match[1] + new.replace(rb"\1", match[2]) + match[3]


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_package_has_no_fault_as_folder_and_as_zip(kind: str, tmp_path: Path) -> None:
    objid, make = KINDS[kind]
    assert verify_package(in_folder(tmp_path, make(), objid)) == []
    assert verify_package(in_zip(tmp_path, make(), objid)) == []


def test_a_package_zipped_again_by_another_program_without_compression_is_still_good(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "again.zip", "w") as again:
        again.mkdir(TOP)
        for path, body in sip_files().items():
            again.writestr(f"{TOP}/{path}", body)
    assert verify_package(tmp_path / "again.zip") == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_flipped_byte_in_any_file_is_found(kind: str, tmp_path: Path) -> None:
    objid, make = KINDS[kind]
    files = make()
    folder = in_folder(tmp_path, files, objid)
    for path, body in files.items():
        for position in (0, len(body) // 3, len(body) // 2, len(body) - 1):
            flipped = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
            (folder / path).write_bytes(flipped)
            assert verify_package(folder), f"{path} byte {position}"
            assert verify_package(in_zip(tmp_path, {**files, path: flipped}, objid)), f"ZIP, {path} byte {position}"
        (folder / path).write_bytes(body)
    assert verify_package(folder) == []


def test_one_flipped_bit_anywhere_in_the_root_mets_is_found(tmp_path: Path) -> None:
    body = aip_files()["METS.xml"]
    folder = in_folder(tmp_path, aip_files(), AIP)
    for position in range(0, len(body), 7):
        (folder / "METS.xml").write_bytes(body[:position] + bytes([body[position] ^ 4]) + body[position + 1 :])
        assert verify_package(folder), position


def test_a_flipped_byte_of_the_zip_is_found_or_changes_nothing_that_a_reader_sees(tmp_path: Path) -> None:
    whole = asyncio.run(zip_bytes(AIP, aip_files()))
    expected = {f"{folder_name(AIP)}/{path}": body for path, body in aip_files().items()}
    unnoticed = 0
    for position in range(0, len(whole), 3):
        damaged = whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]
        if not verify_package(put(tmp_path, damaged)):
            unnoticed += 1
            with zipfile.ZipFile(io.BytesIO(damaged)) as opened:
                assert {name: opened.read(name) for name in opened.namelist()} == expected
    assert unnoticed < 30  # versions and attributes of the directory, which no reader heeds


def test_missing_extra_and_renamed_files_are_found(tmp_path: Path) -> None:
    for path in sip_files():
        files = sip_files()
        del files[path]
        expected = {"METS.xml": "mets_missing"}.get(path, "file_missing")
        assert (expected, path) in found(in_zip(tmp_path, files)), path
    assert found(in_zip(tmp_path, {**sip_files(), "extra.txt": b""})) == {("file_unlisted", "extra.txt")}
    files = sip_files()
    files["representations/rep1/data/0009.jpg"] = files.pop(PAGE)
    expected_two = {("file_missing", PAGE), ("file_unlisted", "representations/rep1/data/0009.jpg")}
    assert found(in_zip(tmp_path, files)) == expected_two
    assert found(in_folder(tmp_path, files)) == expected_two


def test_a_folder_that_holds_no_file_is_found_in_a_folder_and_in_a_zip(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, sip_files())
    (folder / "extra" / "deep").mkdir(parents=True)
    assert found(folder) == {("folder_unlisted", "extra"), ("folder_unlisted", "extra/deep")}
    with zipfile.ZipFile(tmp_path / "again.zip", "w") as again:
        for name in (TOP, f"{TOP}/metadata", f"{TOP}/extra"):
            again.mkdir(name)
        for path, body in sip_files().items():
            again.writestr(f"{TOP}/{path}", body)
    assert found(tmp_path / "again.zip") == {("folder_unlisted", "extra")}


def test_half_a_file_and_a_file_with_more_behind_it_are_found(tmp_path: Path) -> None:
    page = sip_files()[PAGE]
    for body in (page[: len(page) // 2], b"", page + b"\0"):
        assert found(in_folder(tmp_path, {**sip_files(), PAGE: body})) == {("size_wrong", PAGE)}


def test_two_pages_that_changed_places_are_found(tmp_path: Path) -> None:
    other = "representations/rep1/data/0002.jpg"
    files = sip_files()
    files[PAGE], files[other] = files[other], files[PAGE]
    assert {path for _, path in found(in_folder(tmp_path, files))} == {PAGE, other}


def test_the_top_folder_must_carry_the_name_of_the_objid(tmp_path: Path) -> None:
    assert codes(write_folder(sip_files(), tmp_path / "other")) == {"folder_name_wrong"}
    assert codes(put(tmp_path, asyncio.run(zip_bytes("uuid-OTHER", sip_files())))) == {"folder_name_wrong"}


def hostile_zip(tmp_path: Path, extra: dict[str | zipfile.ZipInfo, bytes], **options: int) -> Path:
    """Write the sample with further entries, by a program that lets anything through."""
    path = tmp_path / "hostile.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", **options) as made:  # type: ignore[call-overload]
        warnings.simplefilter("ignore")
        for name, body in {f"{TOP}/{path}": body for path, body in sip_files().items()}.items():
            made.writestr(name, body)
        for entry, body in extra.items():
            made.writestr(entry, body)
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (f"{TOP}/../../etc/cron.d/x", "name_unsafe"),
        (f"{TOP}/./METS.xml", "name_unsafe"),
        (f"{TOP}//METS.xml", "name_unsafe"),
        (f"{TOP}/a\\..\\b", "name_unsafe"),
        (f"{TOP}/C:evil", "name_unsafe"),
        (f"{TOP}/x\nOK", "name_unsafe"),
        (f"{TOP}/{PAGE}", "name_duplicate"),
        (f"{TOP}/mets.XML", "name_case_duplicate"),
        ("/etc/passwd", "several_tops"),
        ("../x", "several_tops"),
        ("second/METS.xml", "several_tops"),
        ("loose.txt", "several_tops"),
    ],
)
def test_a_zip_with_a_hostile_name_is_refused(name: str, code: str, tmp_path: Path) -> None:
    assert code in codes(hostile_zip(tmp_path, {name: b"x"}))


def test_names_that_are_hostile_bytes_are_refused(tmp_path: Path) -> None:
    whole = hostile_zip(tmp_path, {f"{TOP}/abcd": b"x"}).read_bytes()
    for name in (b"ab\0d", b"ab\xffd"):
        assert "name_unsafe" in codes(put(tmp_path, whole.replace(b"/abcd", b"/" + name)))


def test_a_zip_whose_only_top_climbs_out_is_refused(tmp_path: Path) -> None:
    for top in ("..", ".", ""):
        path = tmp_path / "up.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(f"{top}/METS.xml", b"x")
        assert codes(path) == {"several_tops"}


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo(f"{TOP}/link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert ("symlink", "link") in found(hostile_zip(tmp_path, {link: b"/etc/passwd"}))


def test_a_compressed_zip_is_refused_without_inflating_anything(tmp_path: Path) -> None:
    bomb = hostile_zip(tmp_path, {f"{TOP}/zeros": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 100_000
    assert codes(bomb) == {"zip_compressed"}


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    whole = bytearray(asyncio.run(zip_bytes(SIP, sip_files())))
    whole[6] |= 1
    whole[whole.index(b"PK\1\2") + 8] |= 1
    assert codes(put(tmp_path, bytes(whole))) == {"zip_encrypted"}


def test_a_zip_with_data_descriptors_is_refused(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_places: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as made:
        made.writestr(f"{TOP}/METS.xml", b"<mets/>")
    assert codes(put(tmp_path, pipe.getvalue())) == {"zip_header_disagrees"}
    whole = bytearray(asyncio.run(zip_bytes(SIP, sip_files())))
    whole[6] |= 8
    whole[whole.index(b"PK\1\2") + 8] |= 8
    assert codes(put(tmp_path, bytes(whole))) == {"zip_header_disagrees"}


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
    assert codes(put(tmp_path, whole[:end] + wide + whole[end:])) == set()
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


def test_more_files_than_any_dossier_has_are_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, packed = in_folder(tmp_path, sip_files()), in_zip(tmp_path, sip_files())
    monkeypatch.setattr(zip_directory, "MOST_FILES", 3)
    monkeypatch.setattr(folder_source, "MOST_FILES", 3)
    assert codes(folder) == codes(packed) == {"too_many_files"}


def test_a_wrong_crc_in_an_otherwise_true_zip_is_found(tmp_path: Path) -> None:
    whole = bytearray(asyncio.run(zip_bytes(SIP, sip_files())))
    page = sip_files()[PAGE]
    at = bytes(whole).index(page)
    whole[at + 10] ^= 1
    assert found(put(tmp_path, bytes(whole))) == {("zip_crc_wrong", PAGE)}


@pytest.mark.parametrize("body", [b"", b"PK", b"PK\5\6" + bytes(18), b"not a zip at all" * 10, bytes(100_000)])
def test_what_is_no_zip_is_refused(body: bytes, tmp_path: Path) -> None:
    assert codes(put(tmp_path, body)) & {"zip_unreadable", "several_tops", "zip_layout"}


def test_places_that_hold_no_package_are_named_so(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == {"not_found"}
    assert codes(Path("\0")) == {"not_found"}
    assert codes(Path("x" * 5000)) == {"unreadable"}
    assert codes(Path("/dev/zero")) == {"not_a_package"}
    assert codes(tmp_path) == {"mets_missing"}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
HOSTILE_XML = {
    "billion laughs": f'<!DOCTYPE mets [{LAUGHS}]><mets xmlns="http://www.loc.gov/METS/" OBJID="&l11;">&l11;</mets>',
    "quadratic": f'<!DOCTYPE mets [<!ENTITY a "{"a" * 100_000}">]><mets OBJID="x">{"&a;" * 20_000}</mets>',
    "external": '<!DOCTYPE mets [<!ENTITY f SYSTEM "file:///etc/passwd">]><mets OBJID="x">&f;</mets>',
    "dtd": '<!DOCTYPE mets SYSTEM "http://127.0.0.1:9/x.dtd"><mets OBJID="x"/>',
    "parameter": '<!DOCTYPE m [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]><m/>',
    "deep": "<a>" * 100_000,
    "long": f'<mets xmlns="http://www.loc.gov/METS/" OBJID="{"x" * 12_000_000}"/>',
    "other root": "<html/>",
    "open": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x">',
    "two roots": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x"/><mets/>',
    "nothing": "",
    "control": '<mets xmlns="http://www.loc.gov/METS/" OBJID="x">\0</mets>',
    "encoding": '<?xml version="1.0" encoding="no-such"?><mets xmlns="http://www.loc.gov/METS/" OBJID="x"/>',
}


@pytest.mark.parametrize("trick", HOSTILE_XML)
def test_hostile_xml_is_refused_at_once_and_never_expands(trick: str, tmp_path: Path) -> None:
    folder = in_folder(tmp_path, {**sip_files(), "METS.xml": HOSTILE_XML[trick].encode()})
    begun = time.process_time()
    assert ("mets_unreadable", "METS.xml") in found(folder)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_a_document_type_in_another_encoding_is_refused_all_the_same(encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + HOSTILE_XML["billion laughs"]
    body = (
        text.encode("utf-16")
        if encoding == "utf-16"
        else b'<?xml version="1.0" encoding="utf-7"?>' + text.partition("?>")[2].encode("utf-7")
    )
    assert found(in_folder(tmp_path, {**sip_files(), "METS.xml": body})) == {("mets_unreadable", "METS.xml")}


def test_even_a_harmless_document_type_is_refused(tmp_path: Path) -> None:
    files = rewritten(sip_files(), b"<mets ", b'<!DOCTYPE mets SYSTEM "http://127.0.0.1:9/x.dtd"><mets ')
    assert found(in_folder(tmp_path, files)) == {("mets_unreadable", "METS.xml")}


def test_a_representation_mets_is_read_with_the_same_distrust(tmp_path: Path) -> None:
    files = replaced(sip_files(), INNER, HOSTILE_XML["billion laughs"].encode())
    assert found(in_folder(tmp_path, files)) == {("mets_unreadable", INNER)}


def test_a_mets_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mets_reader, "LARGEST", 1000)
    assert found(in_folder(tmp_path, sip_files())) == {("too_many_files", "METS.xml")}


def rewritten(files: Files, old: bytes, new: bytes, mets: str = "METS.xml") -> Files:
    """Change a METS in place, keep its seal and the listing of it true."""
    assert old in files[mets]
    body = sealed(files[mets].replace(old, new, 1)[:-LENGTH])
    return replaced(files, INNER, body) if mets == INNER else {**files, mets: body}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'href="metadata/descriptive/EAD.xml"', b'href="../../../etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="%2e%2e/%2e%2e/etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="/etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="file:///etc/passwd"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="http://127.0.0.1/x"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="a\\b"', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href=""', "href_unsafe"),
        (b'href="metadata/descriptive/EAD.xml"', b'href="metadata/descriptive/dossier.json"', "listed_twice"),
        (b'CHECKSUMTYPE="SHA-256"', b'CHECKSUMTYPE="MD5"', "listing_incomplete"),
        (b" CHECKSUM=", b" X=", "listing_incomplete"),
        (b" SIZE=", b" X=", "listing_incomplete"),
        (b' SIZE="', b' SIZE="-', "listing_incomplete"),
        (b' SIZE="', b' SIZE="' + b"9" * 5000, "listing_incomplete"),
        (b' MIMETYPE="application/json"', b' MIMETYPE="image/jpeg"', "media_type_implausible"),
        (b' MIMETYPE="application/json"', b' MIMETYPE=""', "listing_incomplete"),
        (b'OBJID="uuid-', b'OBJID="uuid+', "folder_name_wrong"),
        (f'OBJID="{SIP}"'.encode(), b'OBJID=""', "mets_incomplete"),
        (b'OAISPACKAGETYPE="SIP"', b'OAISPACKAGETYPE="XIP"', "mets_incomplete"),
        (b'<mptr LOCTYPE="URL"', b'<mptr LOCTYPE="URN"', "representation_unlinked"),
        (
            b'<mptr LOCTYPE="URL" xlink:type="simple" xlink:href="representations/rep1/',
            b'<mptr LOCTYPE="URL" xlink:href="',
            "representation_unlinked",
        ),
    ],
)
def test_a_mets_that_says_too_little_or_too_much_is_found(old: bytes, new: bytes, code: str, tmp_path: Path) -> None:
    assert code in codes(in_folder(tmp_path, rewritten(sip_files(), old, new)))


def test_a_representation_mets_must_say_what_it_is(tmp_path: Path) -> None:
    files = rewritten(sip_files(), b' OBJID="rep1"', b"", INNER)
    assert found(in_folder(tmp_path, files)) == {("mets_incomplete", INNER)}


def test_a_mets_without_its_seal_is_found(tmp_path: Path) -> None:
    files = sip_files()
    assert codes(in_folder(tmp_path, {**files, "METS.xml": files["METS.xml"][:-LENGTH]})) == {"seal_broken"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"number": 5', b'"number": 4', "dossier_disagrees"),
        (b'"sha256": "', b'"sha256": "0', "dossier_disagrees"),
        (b'data/0001.jpg"', b'data/0007.jpg"', "dossier_disagrees"),
        (b'"media_type": "image/jpeg"', b'"media_type": "image/png"', "dossier_disagrees"),
        ("không đọc được".encode(), b"", "ok"),
        ("Trang rách, không đọc được".encode(), b" ", "dossier_disagrees"),
        (b'"package_type": "SIP"', b'"package_type": "AIP"', "dossier_disagrees"),
        (b'"pages_held_by": "uuid-', b'"pages_held_by": "urn:', "dossier_disagrees"),
        (b'"number": 5', b'"number": "5"', "dossier_unreadable"),
        (b'"pages":', b'"pagez":', "dossier_unreadable"),
        (b"{", b"[" * 100_000, "dossier_unreadable"),
        (b"{", b"\xff", "dossier_unreadable"),
        (b'"size": ', b'"size": ' + b"9" * 5000, "dossier_unreadable"),
    ],
)
def test_a_dossier_record_that_tells_another_story_is_found(old: bytes, new: bytes, code: str, tmp_path: Path) -> None:
    body = sip_files()[DOSSIER]
    assert old in body
    files = replaced(sip_files(), DOSSIER, body.replace(old, new, 1))
    expected = set() if code == "ok" else {(code, DOSSIER)}
    assert found(in_folder(tmp_path, files)) == expected


def test_a_page_that_is_listed_but_not_recorded_is_found(tmp_path: Path) -> None:
    files = sip_files()
    extra = "representations/rep1/data/0006.jpg"
    block = re.search(rb"<file [^>]*>\s*<FLocat [^>]*0005\.jpg[^>]*></FLocat>\s*</file>\s*", files[INNER])
    assert block is not None
    more = block[0].replace(b"0005", b"0006")
    files = rewritten(files | {extra: files["representations/rep1/data/0005.jpg"]}, block[0], block[0] + more, INNER)
    assert found(in_folder(tmp_path, files)) == {("dossier_disagrees", DOSSIER)}


def test_a_record_that_leaves_its_pages_to_a_package_nobody_names_is_found(tmp_path: Path) -> None:
    body = aip_files()[DOSSIER].replace(b'"pages_held_by": "urn:P623', b'"pages_held_by": "urn:P624')
    assert found(in_folder(tmp_path, replaced(aip_files(), DOSSIER, body), AIP)) == {("dossier_disagrees", DOSSIER)}


def test_a_package_without_its_dossier_record_is_found(tmp_path: Path) -> None:
    files = aip_files()
    del files[DOSSIER]
    files["METS.xml"] = sealed(
        re.sub(rb"<dmdSec .*?</dmdSec>\n", b"", files["METS.xml"][:-LENGTH], count=1, flags=re.S)
    )
    assert found(in_folder(tmp_path, files, AIP)) == {("dossier_missing", DOSSIER)}


def test_links_devices_and_odd_names_in_a_folder_are_found_and_never_followed(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, sip_files())
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    (folder / "a\\b").touch()
    (folder / "x\nOK").touch()
    Path(os.fsdecode(bytes(folder) + b"/\xff")).touch()
    (folder / "mets.xml").touch()
    assert found(folder) >= {
        ("symlink", "link"),
        ("symlink", "loop"),
        ("special_file", "pipe"),
        ("name_unsafe", "a\\b"),
        ("name_unsafe", "x\\nOK"),
        ("name_unsafe", "\\udcff"),
        ("name_case_duplicate", "mets.xml"),
    }


def test_a_page_that_is_a_link_to_the_right_bytes_is_still_a_fault(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, sip_files())
    (folder / PAGE).rename(tmp_path / "elsewhere.jpg")
    (folder / PAGE).symlink_to(tmp_path / "elsewhere.jpg")
    assert found(folder) == {("symlink", PAGE), ("file_missing", PAGE)}


def test_names_that_differ_only_in_unicode_form_are_found(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, {**sip_files(), "\u1ebf.txt": b"", "e\u0302\u0301.txt": b""})
    assert "name_case_duplicate" in codes(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_found(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, sip_files())
    (folder / PAGE).chmod(0)
    assert found(folder) == {("unreadable", PAGE)}


quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WHOLE = asyncio.run(zip_bytes(AIP, aip_files()))
ROOT = aip_files()["METS.xml"]


@quick
@given(at=st.integers(0, len(WHOLE)), gone=st.integers(0, 200), new=st.binary(max_size=60))
def test_no_damage_to_a_zip_makes_the_check_fall_over(tmp_path: Path, at: int, gone: int, new: bytes) -> None:
    verify_package(put(tmp_path, WHOLE[:at] + new + WHOLE[at + gone :]))


MARKUP = [b"<", b">", b'"', b"&", b"]]>", b"<!--", b"<?", b"<![CDATA[", b"&#0;", b"<!DOCTYPE a>"]


@quick
@given(at=st.integers(0, len(ROOT)), gone=st.integers(0, 60), new=st.binary(max_size=20) | st.sampled_from(MARKUP))
def test_no_damage_to_a_mets_makes_the_check_fall_over(tmp_path: Path, at: int, gone: int, new: bytes) -> None:
    changed = ROOT[:at] + new + ROOT[at + gone :]
    faults = verify_package(in_folder(tmp_path, {**aip_files(), "METS.xml": changed}, AIP))
    assert bool(faults) is (changed != ROOT)


def run_cli(*paths: Path, locale: str = "vi_VN.UTF-8") -> tuple[int, list[str]]:
    app = typer.Typer()
    app.command()(verify)
    environment = {"LC_ALL": locale, "SAOLUU_LANGUAGE": ""}
    outcome = CliRunner().invoke(app, [str(path) for path in paths], env=environment, catch_exceptions=False)
    return outcome.exit_code, outcome.output.splitlines()


def test_the_command_prints_a_line_for_each_fault_and_says_so_in_its_exit_code(tmp_path: Path) -> None:
    good = in_zip(tmp_path, sip_files())
    bad = in_folder(tmp_path, {**sip_files(), PAGE: b"", "extra\x1b[2J": b""})
    assert run_cli(good) == (0, [f"{good}: OK"])
    code, lines = run_cli(good, bad)
    assert code == 1
    assert lines[0] == f"{good}: OK"
    assert lines[1].startswith(f"{bad}/extra\\x1b[2J: file_unlisted: Có trong gói")
    assert any(line.startswith(f"{bad}/{PAGE}: size_wrong: Sai kích thước (") for line in lines)
    assert len(lines) == 1 + len(verify_package(bad))
    assert run_cli(tmp_path / "nowhere", locale="en_GB.UTF-8")[1] == [
        f"{tmp_path / 'nowhere'}: not_found: There is no such file or folder"
    ]


def test_the_command_checks_every_package_in_a_folder_of_packages(tmp_path: Path) -> None:
    deliveries = tmp_path / "packages"
    (deliveries / "H49-001").mkdir(parents=True)
    packed = in_zip(deliveries / "H49-001", sip_files())
    (deliveries / "H49-001" / "notes.txt").write_text("no package")
    folder = in_folder(deliveries, aip_files(), AIP)
    headless = in_folder(deliveries, masters_files(), MASTERS)
    (headless / "METS.xml").unlink()
    code, lines = run_cli(deliveries)
    assert code == 1
    assert sorted(line.split(": ")[:2] for line in lines) == sorted(
        [[str(packed), "OK"], [str(folder), "OK"], [f"{headless}/METS.xml", "mets_missing"]]
    )
    (tmp_path / "empty").mkdir()
    assert run_cli(tmp_path / "empty")[0] == 1


def test_every_fault_has_words_in_both_languages() -> None:
    folder = Path(shared.eark.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    raised = set(re.findall(r'(?:Fault\.of|Damaged)\(\s*"(\w+)"', source)) | {"symlink", "special_file"}
    raised |= {"zip_trailing_bytes", "zip_unreadable"}
    words = Texts([folder / "faults.toml"])
    assert raised == words.codes
    for code in raised:
        assert words.say(code, "vi") != code != words.say(code, "en")
