"""A restore tells of which moment each service's register is, and notices when a newer one is known of and missing."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.copies.command import lines_of, refreshed
from cli.restore.command import restored
from services.handover.models import Delivery
from shared.auth.roles import Role
from shared.clock import in_vietnam, now
from shared.errors import StorageFull
from shared.register.writing import Register
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.copies_desk import run
from tests.service.handover_office import gathered, sealed
from tests.service.restoring_desk import SERVICES, RestoringDesk, until_preserved

pytestmark = in_one_mode


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")


@pytest.fixture
def desk(ground: Ground, made_pages: list[Path], tmp_path: Path) -> RestoringDesk:
    return RestoringDesk(ground, made_pages[:2], tmp_path / "new")


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_protocol_says_as_of_when_each_register_is_and_how_many_rows_came_back(
    desk: RestoringDesk, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", language)
    began = now()
    await desk.lived(("H49.2001.001",))
    protocol = await desk.restore("archive")
    told = json.loads((desk.new / "restore-protocol.json").read_text())
    states = told["register_states"]
    assert states.keys() == told["registers"].keys() == set(SERVICES)
    for service, state in states.items():
        moment = datetime.fromisoformat(state["as_of"])
        assert began < moment < now().astimezone(UTC)
        as_of = in_vietnam(moment).strftime("%d/%m/%Y %H:%M")
        words = f"sổ đăng ký đến {as_of}" if language == "vi" else f"register as of {as_of}"
        assert any(line.startswith(f"  {service}: {words}, {state['rows']:,} ") for line in protocol.lines())
    assert sum(state["rows"] for state in states.values()) == protocol.counts["register_rows"]
    assert states["handover"]["rows"] > len(await desk.rows("handover", Delivery)) == 1


async def copied(desk: RestoringDesk, to: Path) -> Path:
    """Copy the stores to an offline set, and give where its objects lie."""
    (desk.ground.folder / "identity").mkdir(exist_ok=True)
    (desk.ground.folder / "identity" / "identity.db").touch()  # the sign of a data folder
    assert (await refreshed(to, desk.ground.folder, verify=False)).is_good
    return to / "objects"


async def test_a_newest_head_that_the_set_lists_and_lacks_is_a_difference_and_the_older_is_taken(
    desk: RestoringDesk, tmp_path: Path
) -> None:
    await desk.lived(("H49.2001.001",))
    await desk.lived(("H49.2001.002",))
    objects = await copied(desk, tmp_path / "set")
    older, newest = sorted((objects / "registers" / "handover" / "heads").iterdir())[-2:]
    newest.unlink()
    protocol = await restored([str(tmp_path / "set")], desk.new)
    key = str(newest.relative_to(objects))
    assert f"in the inventory of the set, missing: {key}" in protocol.differences
    assert any(each.startswith("the newest register of handover is missing") for each in protocol.differences)
    assert protocol.registers["handover"].key == str(older.relative_to(objects))
    done = run("restore", "--from", str(tmp_path / "set"), "--data", str(tmp_path / "again"))
    assert done.returncode == 1
    assert key in done.stdout


async def test_rows_that_the_set_lists_and_lacks_are_a_difference(desk: RestoringDesk, tmp_path: Path) -> None:
    await desk.lived(("H49.2001.001",))
    objects = await copied(desk, tmp_path / "set")
    lost = list((objects / "registers" / "qc" / "rows").iterdir())
    for each in lost:
        each.unlink()
    protocol = await restored([str(tmp_path / "set")], desk.new)
    for each in lost:
        assert f"in the inventory of the set, missing: {each.relative_to(objects)}" in protocol.differences
    assert any(each.startswith("the newest register of qc is missing or not whole") for each in protocol.differences)
    assert len(protocol.registers) == 4


async def test_what_was_done_just_before_a_copy_of_a_system_at_work_is_in_it(
    desk: RestoringDesk, tmp_path: Path
) -> None:
    known = await desk.lived(("H49.2001.001",))
    async with desk.at_work() as system:
        known.append(await sealed(system, desk.pages, "H49.2001.002"))
        await until_preserved(system.caller(Role.HANDOVER_OFFICER), known)
        delivery = await gathered(system)
        began = now()
        await copied(desk, tmp_path / "set")
    protocol = await restored([str(tmp_path / "set")], desk.new)
    assert protocol.differences == []
    assert delivery in {str(row["id"]) for row in await desk.rows("handover", Delivery)}
    assert protocol.registers["handover"].as_of > began


async def test_a_register_that_cannot_be_written_before_a_copy_is_told_and_the_older_one_is_copied(
    desk: RestoringDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.lived(("H49.2001.001",))
    await copied(desk, tmp_path / "first")

    async def full(_register: Register) -> None:
        raise StorageFull("no room")

    monkeypatch.setattr(Register, "write", full)
    report = await refreshed(tmp_path / "set", desk.ground.folder, verify=False)
    assert report.is_good
    assert report.unwritten == dict.fromkeys(sorted(SERVICES), "no room")
    assert report.registers.keys() == set(SERVICES)
    lines = list(lines_of(report, tmp_path / "set"))
    assert any(line.startswith("! the register of handover could not be written before the copy") for line in lines)
    assert any(line.startswith("Register of handover: as of ") for line in lines)


async def test_a_database_of_another_version_is_copied_as_its_register_says(
    desk: RestoringDesk, tmp_path: Path
) -> None:
    await desk.lived(("H49.2001.001",))
    with closing(sqlite3.connect(desk.ground.folder / "qc" / "qc.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
        database.execute("DELETE FROM inspected_page")  # what would make a new head
    before = await desk.keys()
    await copied(desk, tmp_path / "set")
    report = await refreshed(tmp_path / "set", desk.ground.folder, verify=False)
    assert report.unwritten.keys() == {"qc"}
    assert report.unwritten["qc"].startswith("the database is of the shape 0001, this program of ")
    assert [key for key in await desk.keys() if key not in before and "/qc/" in key] == []
