"""The commands as a person runs them, against a running system: what goes wrong is told in words, never a traceback."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli.client import ApiClient
from cli.demo.accounts import hire
from cli.demo.choosing import choose
from cli.demo.dossiers import FONDS
from cli.demo.found import describe
from cli.demo.material import DossierFolder
from cli.demo.staging import Staged
from cli.demo.system import embedded, free_port
from cli.demo.waiting import until
from cli.demo.workbook import write_workbook
from tests.faults.station import small_pages

SAOLUU = str(Path(sys.executable).parent / "saoluu")


@dataclass
class Desk:
    """A running system, its people's credential files, and three approved dossiers of two pages."""

    url: str
    folder: Path
    orders: list[dict[str, str]]

    def credential(self, name: str, **changed: str) -> str:
        """Give somebody's credential file, or a copy in which something is wrong."""
        path = self.folder / "credentials" / f"{name}.json"
        if changed:
            told = json.loads(path.read_text()) | changed
            path = self.folder / "wrong.json"
            path.touch(0o600)
            path.write_text(json.dumps(told))
        return str(path)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    dossiers = describe([DossierFolder(name, (Path("1.jpg"), Path("2.jpg"))) for name in "abc"])
    write_workbook(folder / "inventory.xlsx", dossiers)

    async def prepare(url: str, token: str) -> list[dict[str, str]]:
        cast = await hire(url, token, folder / "credentials")
        await choose(cast, Staged(FONDS, folder / "inventory.xlsx", folder / "station", {}))
        async with cast.client("station-1") as station:
            orders = await until("the scan orders", lambda: all_orders(station))
        return sorted(orders, key=lambda order: order["file_code"])

    with embedded(folder / "system") as system:
        yield Desk(system.url, folder, asyncio.run(prepare(system.url, system.setup_token)))


async def all_orders(station: ApiClient) -> list[dict[str, str]] | None:
    orders = [order async for order in station.items("/ingest/scan-orders")]
    return orders if len(orders) == 3 else None


def run(*command: str, language: str = "en", state: Path | None = None) -> tuple[int, str]:
    """Run a command; gives its exit code and all it said, which is never a traceback."""
    environment = {**os.environ, "SAOLUU_LANGUAGE": language, "COLUMNS": "80"}
    if state is not None:
        environment["XDG_STATE_HOME"] = str(state)
    done = subprocess.run([SAOLUU, *command], capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("language", "words"), [("en", "sign_in_refused"), ("vi", "sign_in_refused")])
@pytest.mark.parametrize("command", ["scan", "pull", "import", "calibrate"])
def test_a_wrong_credential_is_told(desk: Desk, tmp_path: Path, command: str, language: str, words: str) -> None:
    wrong = desk.credential("station-1", secret="x" * 40)
    code, said = run(*options(desk, command, tmp_path), "--credential", wrong, language=language)
    assert code == 2
    assert words in said


@pytest.mark.parametrize(
    ("command", "name"), [("scan", "national-archives"), ("pull", "station-1"), ("calibrate", "station-1")]
)
def test_a_wrong_role_is_told(desk: Desk, tmp_path: Path, command: str, name: str) -> None:
    code, said = run(*options(desk, command, tmp_path), "--credential", desk.credential(name))
    assert code == 2
    assert said.splitlines()[-1].startswith("403 ")


@pytest.mark.parametrize("command", ["scan", "pull", "import", "calibrate"])
@pytest.mark.parametrize(("language", "words"), [("en", "begins with http"), ("vi", "phải bắt đầu bằng http")])
def test_an_address_without_a_scheme_is_told(
    desk: Desk, tmp_path: Path, command: str, language: str, words: str
) -> None:
    asked = (*options(desk, command, tmp_path), "--url", "127.0.0.1:8071")
    code, said = run(*asked, "--credential", desk.credential("station-1"), language=language)
    assert code == 2
    assert words in said


def options(desk: Desk, command: str, place: Path) -> tuple[str, ...]:
    """Give what a command needs beside a credential."""
    inventory = str(desk.folder / "inventory.xlsx")
    return {
        "scan": ("scan", str(place), "--journal", str(place / "journal.db")),
        "pull": ("pull", "--to", str(place)),
        "import": ("import", inventory, "--fonds", "P01"),
        "calibrate": ("qc", "calibrate"),
    }[command]


def test_where_nobody_judged_a_page_no_limit_is_proposed(desk: Desk) -> None:
    code, said = run("qc", "calibrate", "--credential", desk.credential("auditor"), "--url", desk.url)
    assert (code, "0 judged pages compared" in said, "proposed" in said) == (1, True, False)
    asked = ("qc", "calibrate", "--credential", desk.credential("auditor"), "--profile", "nobody's")
    code, said = run(*asked)
    assert (code, "preservation" in said) == (2, True)


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = run("up", "--data", str(tmp_path / "file"))
    assert (code, said.strip()) == (2, f"{tmp_path / 'file'}: File exists")


@pytest.mark.parametrize("command", ["scan", "pull"])
def test_a_command_that_waits_says_so_at_once(desk: Desk, tmp_path: Path, command: str) -> None:
    asked = (*options(desk, command, tmp_path), "--url", f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    waiting = subprocess.Popen(
        [SAOLUU, *asked, "--credential", desk.credential("station-1")],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "SAOLUU_LANGUAGE": "vi"},
    )
    try:
        assert waiting.stderr is not None
        assert waiting.stderr.readline().startswith("Đang chờ hệ thống: ")
        assert time.monotonic() - began < 15
    finally:
        waiting.kill()
        waiting.communicate()


def test_a_station_learns_how_to_name_folders_sends_and_closes(desk: Desk, tmp_path: Path) -> None:
    scans, station = tmp_path / "scans", desk.credential("station-1")
    small_pages(tmp_path / "made", 2, 2)
    first, second, third = desk.orders
    (tmp_path / "made" / "01").rename(scans.with_name("a"))
    scans.mkdir()
    (tmp_path / "a").rename(scans / first["file_code"])
    (tmp_path / "made" / "02").rename(scans / "my dossier")
    code, said = run("scan", str(scans), "--credential", station, "--list", state=tmp_path)
    assert code == 0
    assert f"{first['folder_name']}  {first['file_code']}  0/2  [{first['file_code']}]" in said
    assert f"{second['folder_name']}  {second['file_code']}  0/2  [no folder yet]" in said
    assert "? my dossier: matches no scan order" in said
    code, said = run("scan", str(scans), "--credential", station, "--close", state=tmp_path)
    assert code == 0, said
    assert f"? {scans / 'my dossier'}: matches no scan order (--list shows the names)" in said
    assert f"■ {first['file_code']}: closed" in said
    (scans / "my dossier").rename(scans / third["folder_name"])
    (scans / third["folder_name"] / "0002.jpg").unlink()
    code, said = run("scan", str(scans), "--credential", station, "--close", state=tmp_path)
    assert code == 0, said
    assert f"□ {third['file_code']}: not closed, 1/2 pages sent" in said
    (scans / third["folder_name"] / "0001.jpg").write_bytes(b"")
    code, said = run("scan", str(scans), "--credential", station, state=tmp_path)
    assert code == 1
    assert f"✗ {scans / third['folder_name'] / '0001.jpg'}: changed since it was sent" in said


def line_of(said: str) -> dict[str, Any]:
    """Read the line of JSON that a command ends with; what it says beside it goes elsewhere."""
    (line,) = [each for each in said.splitlines() if each.startswith("{")]
    told: dict[str, Any] = json.loads(line)
    return told


AID = (
    '<ead><archdesc level="fonds"><did><unitid>P77</unitid></did><dsc><c level="series"><did><unitid>I</unitid>'
    "<unittitle>Đê</unittitle></did></c></dsc></archdesc></ead>"
)


def test_an_import_ends_with_a_line_of_json_and_says_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    archivist, table, marked = desk.credential("archivist"), tmp_path / "inventory.csv", tmp_path / "marked.csv"
    table.write_text("fileCode,title,numberOfPage\nA,Hồ sơ,3\nB,,x\n")
    asked = ("import", str(table), "--fonds", FONDS["code"], "--credential", archivist, "--json")
    code, said = run(*asked, "--marked", str(marked))
    told = line_of(said)
    assert (code, told["rows"], told["created"], told["rejected"]) == (1, 2, 0, 1)
    assert told.keys() >= {"rows", "created", "updated", "unchanged", "rejected", "errors", "seconds"}
    assert told["errors"][0].keys() == {"sheet", "row", "column", "value", "code", "message"}
    assert "B,,x," in marked.read_text("utf-8-sig")
    code, said = run(*asked, "--valid-rows")
    assert (code, line_of(said)["created"]) == (1, 1)
    table.write_text("fileCode,title,numberOfPage\nA,Hồ sơ,3\n")
    code, said = run(*asked)
    assert (code, line_of(said)["unchanged"]) == (0, 1)
    fonds = tmp_path / "fonds.csv"
    fonds.write_text("fondsCode,fondsTitle,archiveCode\nP77,Phông,H49\n")
    code, said = run("import", str(fonds), "--credential", archivist, "--json")
    assert (code, line_of(said)["created"]) == (0, 1)
    table.write_text("FileCode,Title,Identifier,Số trang\nA,Hồ sơ,1,3\n")
    code, said = run(*asked, "--layout", "TT02-2019")
    told = line_of(said)
    assert (code, told["unchanged"], told["layout"], told["ignored"]) == (0, 1, "tt02-2019", ["Identifier"])
    code, said = run(*asked, "--layout", "không có")
    told = line_of(said)
    assert (code, told["rows"], told["created"], told["rejected"]) == (2, 0, 0, 0), said
    assert [each["code"] for each in told["errors"]] == ["catalog.layout_unknown"]
    aid = tmp_path / "aid.xml"
    aid.write_text(AID)
    code, said = run("import", str(aid), "--level", "series", "--credential", archivist, "--json")
    assert (code, line_of(said)["created"]) == (0, 1)


def test_a_dry_run_tells_what_would_change(desk: Desk, tmp_path: Path) -> None:
    archivist, table = desk.credential("archivist"), tmp_path / "inventory.csv"
    table.write_text("fileCode,title,numberOfPage\nDRY,Hồ sơ,3\n")
    asked = ("import", str(table), "--fonds", FONDS["code"], "--credential", archivist)
    code, said = run(*asked, "--dry-run")
    assert (code, "3 created DRY" not in said, "2 created DRY" in said) == (0, True, True), said
    assert run(*asked)[0] == 0
    table.write_text("fileCode,title,numberOfPage\nDRY,Hồ sơ đê,3\n")
    code, said = run(*asked, "--dry-run")
    assert (code, "title: Hồ sơ → Hồ sơ đê" in said, "1 title" in said) == (0, True, True), said
    assert line_of(run(*asked, "--dry-run", "--json")[1])["updated"] == 1


def test_a_dry_run_is_applied_exactly_as_it_was_shown(desk: Desk, tmp_path: Path) -> None:
    archivist, table = desk.credential("archivist"), tmp_path / "inventory.csv"
    table.write_text("fileCode,title,numberOfPage\nSEEN,Hồ sơ,3\n")
    asked = ("import", str(table), "--fonds", FONDS["code"], "--credential", archivist)
    shown = run(*asked, "--dry-run")[1]
    (name,) = re.findall(r"saoluu import --apply (\S+)", shown)
    table.unlink()
    applied = ("import", "--apply", name, "--credential", archivist, "--json")
    code, said = run(*applied)
    assert (code, line_of(said)["created"]) == (0, 1), said
    code, said = run(*applied)
    assert (code, line_of(said)["unchanged"]) == (0, 1), said
    code, said = run("import", "--apply", line_of(said)["id"], "--credential", archivist, "--json")
    assert (code, [each["code"] for each in line_of(said)["errors"]]) == (2, ["catalog.no_preview"]), said


def test_what_would_come_to_something_else_than_a_dry_run_has_shown_is_rejected(desk: Desk, tmp_path: Path) -> None:
    archivist, table = desk.credential("archivist"), tmp_path / "inventory.csv"
    asked = ("import", str(table), "--fonds", FONDS["code"], "--credential", archivist)
    table.write_text("fileCode,title,numberOfPage\nLATE,Hồ sơ,3\nALONE,Hồ sơ,3\n")
    seen = line_of(run(*asked, "--dry-run", "--json")[1])["id"]
    table.write_text("fileCode,title,numberOfPage\nLATE,Tên khác,3\n")
    assert run(*asked)[0] == 0
    applied = ("import", "--apply", seen, "--credential", archivist, "--json")
    code, said = run(*applied)
    told = line_of(said)
    assert (code, told["created"], [each["code"] for each in told["errors"]]) == (1, 0, ["dossier_changed_since"])
    code, said = run(*applied, "--valid-rows")
    assert (code, line_of(said)["created"], line_of(said)["rejected"]) == (1, 1, 1), said


APPLY = ("--apply", str(UUID(int=1)))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((), "Give a file, or --apply"),
        ((str(Path(__file__)), *APPLY), "Give a file, or --apply"),
        ((*APPLY, "--fonds", "P01", "--dry-run"), "has settled it: --fonds, --dry-run"),
    ],
)
def test_either_a_file_is_imported_or_a_dry_run_applied(told: tuple[str, ...], words: str) -> None:
    code, said = run("import", "--credential", "none.json", *told)
    assert (code, words in said) == (2, True), said
