"""The reader by itself: shut in, held to its time, and not believed in what it leaves."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from services.ingest.reading import tesseract
from services.ingest.reading.tesseract import PageUnread, find_reader

ROOT = Path(__file__).parents[2]


async def test_a_reader_that_computes_too_long_is_killed_by_the_kernel(tmp_path: Path) -> None:
    found = await find_reader(0.01)  # rounded up to one second of the processor
    assert found is not None
    noise = Image.effect_noise((3500, 4900), 90)
    noise.save(tmp_path / "reading.pnm", "PPM")
    with pytest.raises(PageUnread) as slow:
        await found.read(tmp_path, 300, ("vie", "fra", "eng"))
    assert slow.value.reason == "too_slow"


async def test_what_a_reader_leaves_that_is_no_hocr_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await find_reader(30)
    assert found is not None
    Image.new("L", (200, 100), 255).save(tmp_path / "reading.pnm", "PPM")
    monkeypatch.setattr(tesseract, "LARGEST_HOCR", 10)
    with pytest.raises(PageUnread, match="larger than any page"):
        await found.read(tmp_path, 300, ("vie",))


def test_a_program_in_the_walls_reads_its_folder_and_begins_no_other(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("đọc được")

    def begun(program: str, *words: str) -> subprocess.CompletedProcess[str]:
        code = (
            "import os, sys; from pathlib import Path; from shared.imaging.confinement import confine_program\n"
            "folder, program, *words = sys.argv[1:]\n"
            "loaders = [p.resolve() for w in ('lib64/ld-linux*.so*', 'lib/ld-linux*.so*') for p in Path('/').glob(w)]\n"
            "library = [p for p in map(Path, ('/lib', '/lib64', '/usr/lib', '/etc/ld.so.cache')) if p.exists()]\n"
            "confine_program(Path(folder), 1 << 30, [Path('/bin/cat').resolve(), *loaders], library)\n"
            "os.execve(program, [program, *words], {})\n"
        )
        command = [sys.executable, "-c", code, str(tmp_path), program, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)

    assert begun("/bin/cat", str(tmp_path / "mine")).stdout == "đọc được"
    assert "Permission denied" in begun("/bin/cat", "/etc/passwd").stderr
    assert "PermissionError" in begun("/bin/ls", str(tmp_path)).stderr


async def test_every_wall_stands_round_the_reader_here(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = await find_reader(30)
    assert found is not None
    Image.new("L", (200, 100), 255).save(tmp_path / "reading.pnm", "PPM")
    tesseract.tell_missing_walls.cache_clear()
    text = await found.read(tmp_path, 300, ("vie",))
    assert text.words == []
    assert caplog.text == ""
