"""`saoluu qc` on files: a line a file, whatever the file is, and an exit code that says whether all were judged."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.qc import app
from services.qc.domain.profile import Profile
from tests.hostile import SIGHTED, TOO_LARGE, hostile_files, page, saved

LINE = {
    "file", "judgement", "format", "width", "height", "dpi", "dpi_source", "color_mode", "bit_depth", "paper",
    "a4_equivalent", "findings", "measures", "seconds",
}  # fmt: skip
MEASURES = {
    "skew_degrees", "orientation_degrees", "orientation_confidence", "sharpness", "blur_probability",
    "blank_probability", "ink_share", "p01", "p50", "p99", "clipped_dark", "clipped_light", "overexposed_probability",
    "contrast", "noise", "jpeg_quality", "border_share", "cut_probability", "hash",
}  # fmt: skip


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    """Run the command; gives its exit code and lines."""
    done = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    return done.exit_code, done.output.splitlines()


def judged(*arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    """Run `check --json`; gives its exit code and objects."""
    code, lines = run("check", "--json", *arguments)
    return code, [json.loads(line) for line in lines]


def test_a_good_page_is_told_with_every_measure_and_the_seconds_spent(made_pages: list[Path]) -> None:
    code, (told,) = judged(made_pages[0])
    assert code == 0
    assert set(told) >= LINE
    assert (told["file"], told["judgement"], told["findings"]) == (str(made_pages[0]), "pass", [])
    assert (told["format"], told["dpi"], told["dpi_source"]) == ("JPEG", [300.0, 300.0], "tag")
    assert (told["paper"], told["a4_equivalent"], told["bit_depth"]) == ("A4", 1, 24)
    assert set(told["measures"]) >= MEASURES
    assert set(told["seconds"]) >= {"decode", "measure", "total"}
    assert told["seconds"]["total"] >= told["seconds"]["decode"] + told["seconds"]["measure"]


def test_every_file_of_a_folder_gets_its_line_in_order_whatever_it_is(tmp_path: Path) -> None:
    hostile = list(hostile_files())
    for number, file in enumerate(hostile):
        (tmp_path / f"{number:03d}").write_bytes(file.content)
    (tmp_path / ".hidden").write_bytes(b"")
    code, told = judged("--jobs", "2", tmp_path)
    assert code == 0
    assert [Path(line["file"]).name for line in told] == [f"{number:03d}" for number in range(len(hostile))]
    for line, file in zip(told, hostile, strict=True):
        if file.faults != TOO_LARGE:  # what is too large depends on the memory that is given
            assert (line["measures"] is None) == (file.faults != SIGHTED), file.name
        assert line["measures"] or line["judgement"] == "fail", file.name


def test_what_cannot_be_read_has_its_line_too_and_nothing_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(saved(page(), "PNG"))
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "endless.tif").open("wb") as file:
        file.truncate(5 << 30)
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/no\xff\xfe.png")
    code, told = judged(
        tmp_path / "1.png", tmp_path / "missing.png", tmp_path / "pipe", strange, "/dev/zero", tmp_path / "endless.tif"
    )
    assert code == 0
    assert told[3]["file"] == strange
    assert [line["findings"][0]["code"] for line in told[1:]] == ["integrity.unreadable"] * 5


def test_what_is_named_like_an_image_in_a_folder_has_its_line_though_it_is_no_file(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "pages", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "9.png").write_bytes(b"")
    (folder / "1.png").write_bytes(saved(page(), "PNG"))
    (folder / "2.tif").symlink_to("gone.tif")
    os.mkfifo(folder / "3.jpg")
    (folder / "4.png").symlink_to("4.png")
    (folder / ".5.png").symlink_to("gone.png")
    (folder / "linked.png").symlink_to(elsewhere)
    (folder / "sub.png").mkdir()
    os.mkfifo(folder / "pipe")
    code, told = judged(folder)
    assert code == 0
    assert [Path(line["file"]).name for line in told] == ["1.png", "2.tif", "3.jpg", "4.png"]
    for line in told[1:]:
        assert (line["judgement"], line["a4_equivalent"]) == ("fail", 0)
        assert [finding["code"] for finding in line["findings"]] == ["integrity.unreadable"]
    code, lines = run("check", "--help")
    assert "linked folders" in " ".join(" ".join(lines).split()) or "liên kết" in " ".join(lines)


def test_a_path_without_a_name_is_refused_and_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    for command in ("check", "duplicates"):
        refused = CliRunner().invoke(app, [command, ""], env={"SAOLUU_LANGUAGE": "en"})
        assert refused.exit_code == 2
        assert "the path is empty" in refused.stderr
        nothing = CliRunner().invoke(app, [command, str(tmp_path)], env={"SAOLUU_LANGUAGE": "en"})
        assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (1, "", "There is no file there.\n")


def test_a_terminated_check_leaves_no_folder_behind(tmp_path: Path) -> None:
    pages, spools = tmp_path / "pages", tmp_path / "spools"
    spools.mkdir()
    pages.mkdir()
    for number in range(60):
        (pages / f"{number}.png").write_bytes(saved(page(), "PNG"))
    command = [sys.executable, "-c", "from cli.main import run; run()", "qc", "check", "--jobs", "1", "--json"]
    with subprocess.Popen(
        [*command, str(pages)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(spools)},
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline(), "it is at work"
        assert list(spools.iterdir())
        process.terminate()
        assert process.wait(20) == 143
    assert list(spools.iterdir()) == []


def test_the_profile_decides_and_people_read_words(tmp_path: Path) -> None:
    path = tmp_path / "1.tif"
    path.write_bytes(saved(page(1654, 2339), "TIFF", dpi=(200, 200)))
    assert "capture.dpi_low" not in [finding["code"] for finding in judged(path)[1][0]["findings"]]
    found = judged("--profile", "preservation", path)[1][0]["findings"]
    assert [(f["value"], f["limit"]) for f in found if f["code"] == "capture.dpi_low"] == [
        (200.0, Profile.load("preservation").least_dpi)
    ]
    code, (line,) = run("check", "--profile", "preservation", path)
    assert code == 0
    assert line.startswith(f"{path}: không đạt: ")


def test_two_scans_of_a_page_are_a_pair_and_nothing_else_is(tmp_path: Path, made_pages: list[Path]) -> None:
    for number, made in enumerate(made_pages):
        (tmp_path / f"{number}.jpg").write_bytes(made.read_bytes())
    (tmp_path / "again.jpg").write_bytes(made_pages[0].read_bytes())
    code, lines = run("duplicates", "--json", tmp_path)
    assert code == 0
    pairs = [json.loads(line) for line in lines]
    assert [{Path(pair["a"]).name, Path(pair["b"]).name} for pair in pairs] == [{"0.jpg", "again.jpg"}]
    assert 0.9 <= pairs[0]["score"] <= 1
