"""The check of packages finds damage of every kind, wherever it is."""

import asyncio
import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eark.names import folder_name
from shared.eark.seal import LENGTH, sealed
from shared.eark.verify import verify_package
from tests.sample_package import AIP, aip_files, sip_files, write_folder, zip_bytes
from tests.service.packages_on_disk import KINDS, PAGE, TOP, codes, found, in_folder, in_zip, put


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_package_has_no_fault_as_folder_and_as_zip(kind: str, tmp_path: Path) -> None:
    objid, make = KINDS[kind]
    assert verify_package(in_folder(tmp_path, make(), objid)) == []
    assert verify_package(in_zip(tmp_path, make(), objid)) == []


def test_a_package_zipped_again_by_another_program_is_told_and_good_once_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "again.zip", "w") as again:
        again.mkdir(TOP)
        for path, body in sip_files().items():
            again.writestr(f"{TOP}/{path}", body)
    assert found(tmp_path / "again.zip") == {("zip_spelling", f"{TOP}/")}, "its headers can carry what nobody signed"
    with zipfile.ZipFile(tmp_path / "again.zip") as again:
        again.extractall(tmp_path / "unpacked")
    assert verify_package(tmp_path / "unpacked" / TOP) == []


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
    files = {path: body for path, body in aip_files().items() if not path.endswith("mets1_12.xsd")}  # 130 kB more of it
    files["METS.xml"] = rewritten_without(files["METS.xml"], b"mets1_12.xsd")
    whole = asyncio.run(zip_bytes(AIP, files))
    expected = {f"{folder_name(AIP)}/{path}": body for path, body in files.items()}
    unnoticed = 0
    for position in range(0, len(whole), 13):
        damaged = whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]
        if not verify_package(put(tmp_path, damaged)):
            unnoticed += 1
            with zipfile.ZipFile(io.BytesIO(damaged)) as opened:
                assert {name: opened.read(name) for name in opened.namelist()} == expected
    assert unnoticed < 2 * len(files)  # versions and attributes of the directory, which no reader heeds


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
    assert found(tmp_path / "again.zip") == {("folder_unlisted", "extra"), ("zip_spelling", f"{TOP}/")}


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


def rewritten_without(mets: bytes, name: bytes) -> bytes:
    """Take one file out of a METS, and seal it anew."""
    block = re.search(rb"<file [^>]*>\s*<FLocat [^>]*" + re.escape(name) + rb"[^>]*></FLocat>\s*</file>\s*", mets)
    assert block is not None
    return sealed(mets.replace(block[0], b"")[:-LENGTH])
