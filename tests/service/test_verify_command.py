"""`saoluu verify` says what it found, in words and in its exit code."""

import re
from pathlib import Path

import typer
from typer.testing import CliRunner

import shared.eark
from cli.verify import verify
from shared.eark.verify import verify_package
from shared.texts import Texts
from tests.sample_package import AIP, MASTERS, aip_files, masters_files, sip_files
from tests.service.packages_on_disk import PAGE, in_folder, in_zip


def run_cli(*paths: Path | str, locale: str = "vi_VN.UTF-8") -> tuple[int, list[str]]:
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
