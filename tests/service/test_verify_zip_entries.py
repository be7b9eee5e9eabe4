"""The check of packages refuses ZIP entries that mean harm: by name, kind or coding."""

import asyncio
import io
import warnings
import zipfile
from pathlib import Path

import pytest

from tests.sample_package import SIP, sip_files, zip_bytes
from tests.service.packages_on_disk import PAGE, TOP, codes, found, put


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
