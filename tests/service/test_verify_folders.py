"""The check of packages in folders: links, devices and odd names, and places that hold none."""

import os
from pathlib import Path

import pytest

from shared.eark import folder_source, zip_directory
from tests.sample_package import sip_files
from tests.service.packages_on_disk import PAGE, codes, found, in_folder, in_zip


def test_places_that_hold_no_package_are_named_so(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == {"not_found"}
    assert codes(Path("\0")) == {"not_found"}
    assert codes(Path("x" * 5000)) == {"unreadable"}
    assert codes(Path("/dev/zero")) == {"not_a_package"}
    assert codes(tmp_path) == {"mets_missing"}


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


def test_more_files_than_any_dossier_has_are_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, packed = in_folder(tmp_path, sip_files()), in_zip(tmp_path, sip_files())
    monkeypatch.setattr(zip_directory, "MOST_FILES", 3)
    monkeypatch.setattr(folder_source, "MOST_FILES", 3)
    assert codes(folder) == codes(packed) == {"too_many_files"}
