"""The whole journey as a newcomer runs it: the command itself, on real pages where there are some, in both modes."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shared.eark.verify import verify_package

ROOT = Path(__file__).parents[2]
REAL_PAGES = ROOT.parent / "shared" / "samples" / "pages"  # beside the checkout on some machines; else pages are made
KEYS = {
    "dossiers", "pages_sent", "pages_accepted", "pages_rejected", "a4_pages", "packages", "packages_verified",
    "copies_verified", "seconds", "packages_dir", "data_dir",
}  # fmt: skip


def demo(data: Path, *options: str, language: str = "en", **environment: str) -> tuple[int, dict[str, Any], str]:
    """Run `saoluu demo --json`; gives its exit code, its last line, and everything it said."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "saoluu"), "demo", "--data", str(data), "--json", *options],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "SAOLUU_LANGUAGE": language, **environment},
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr


def demand_whole(told: dict[str, Any]) -> None:
    assert told.keys() == KEYS
    assert told["packages"] == told["packages_verified"] == told["dossiers"]
    assert told["pages_sent"] == told["pages_accepted"] + told["pages_rejected"]
    assert told["copies_verified"] == 2
    packages = sorted(Path(told["packages_dir"]).rglob("*.zip"))
    assert len(packages) == told["packages"]
    for package in packages:
        assert verify_package(package) == []
    assert sum(len(data_of(package)) for package in packages) == told["pages_accepted"]


def data_of(package: Path) -> list[str]:
    """Give the names of the images or PDFs in the first representation of a package."""
    with zipfile.ZipFile(package) as opened:
        return [Path(name).name for name in opened.namelist() if "/rep1/data/" in name]


def test_made_pages_go_all_the_way_in_one_process(tmp_path: Path) -> None:
    code, told, said = demo(tmp_path / "demo", "--dossiers", "2")
    assert code == 0, said
    demand_whole(told)
    assert told["pages_rejected"] == 0
    names = [name for package in Path(told["packages_dir"]).rglob("*.zip") for name in data_of(package)]
    assert (len(names), {Path(name).suffix for name in names}) == (told["pages_accepted"], {".jpg"})


def test_the_circulars_packages_hold_one_pdf_a_document(tmp_path: Path) -> None:
    code, told, said = demo(tmp_path / "demo", "--dossiers", "1", "--profile", "tt05-2025")
    assert code == 0, said
    (package,) = Path(told["packages_dir"]).rglob("*.zip")
    (name,) = data_of(package)
    assert (Path(name).suffix, verify_package(package)) == (".pdf", [])


def test_pages_go_all_the_way_on_real_servers(open_folder: Path) -> None:
    source = ("--pages", str(REAL_PAGES)) if REAL_PAGES.exists() else ()
    code, told, said = demo(open_folder / "demo", "--dossiers", "2", "--mode", "full", *source)
    assert code == 0, said
    demand_whole(told)


def test_what_cannot_be_read_is_sent_again_once_and_then_listed(tmp_path: Path, made_pages: list[Path]) -> None:
    scans = tmp_path / "scans" / "hồ sơ 1"
    scans.mkdir(parents=True)
    for number, page in enumerate(made_pages, start=1):
        (scans / f"trang {number}.jpg").write_bytes(page.read_bytes())
    whole = made_pages[0].read_bytes()
    (scans / "trang 90.jpg").write_bytes(whole[: len(whole) // 2])
    (scans / "ghi chú.txt").write_text("không phải ảnh")
    (scans / "rỗng.jpg").write_bytes(b"")
    code, told, said = demo(tmp_path / "demo", "--pages", str(tmp_path / "scans"))
    assert code == 0, said
    assert (told["pages_sent"], told["pages_accepted"], told["pages_rejected"]) == (
        len(made_pages) + 1,
        len(made_pages),
        1,
    )
    assert "ghi chú.txt: not_an_image" in said
    assert "rỗng.jpg: empty" in said
    assert "The image is cut short" in " ".join(said.replace("│", " ").split())
    demand_whole(told)
    assert sorted(path.name for path in scans.iterdir())[0] == "ghi chú.txt", "source files stay"


def test_a_folder_without_images_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _told, said = demo(tmp_path / "demo", "--pages", str(tmp_path / "empty"))
    assert code == 1
    assert said.strip().splitlines()[-1] == f"✗ {tmp_path / 'empty'}: no image"
    code, _told, said = demo(tmp_path / "other", "--pages", str(tmp_path / "nowhere"), language="vi")
    assert (code, said.strip().splitlines()[-1]) == (1, f"✗ không có thư mục {tmp_path / 'nowhere'}")


def test_where_nothing_can_be_read_the_counts_agree_and_the_demo_says_so(
    tmp_path: Path, made_pages: list[Path]
) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "half.jpg").write_bytes(made_pages[0].read_bytes()[:20_000])
    data = tmp_path / ("a long name of a folder " * 4).strip()
    code, told, said = demo(data, "--pages", str(tmp_path / "scans"), language="vi", COLUMNS="80")
    assert code == 0, said
    assert (told["packages"], told["pages_rejected"], Path(told["packages_dir"]).is_dir()) == (0, 1, True)
    assert "Không có hồ sơ nào được bảo quản" in said
    assert f"Thư mục gói tin: {told['packages_dir']}\n" in said, "never cut"
    assert ", chấp nhận: 0/1 (" in said
    assert "{'" not in said


@pytest.mark.parametrize("taken", ["file.txt"])
def test_a_data_folder_that_is_not_empty_is_left_alone(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine")
    code, _told, _said = demo(tmp_path)
    assert code == 2
    assert (tmp_path / taken).read_text() == "mine"
