"""A drill and a copy hold the registers in the stores against what the services' own databases know of them."""

from pathlib import Path

import pytest

from cli.copies.command import refreshed
from cli.copies.report import Did
from cli.copies.sources import settings_of
from cli.drill.drilling import DRILLS, Sample, drill
from shared.register.head import Head, rows_key
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.restoring_desk import SERVICES, RestoringDesk

pytestmark = in_one_mode


@pytest.fixture
async def desk(
    ground: Ground, made_pages: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> RestoringDesk:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")
    made = RestoringDesk(ground, made_pages[:2], tmp_path / "new")
    for code in ("H49.2001.001", "H49.2001.002"):
        await made.lived((code,))
    (ground.folder / "identity").mkdir(exist_ok=True)
    (ground.folder / "identity" / "identity.db").touch()  # the sign of a data folder
    return made


async def lost(desk: RestoringDesk, what: str = "heads") -> str:
    """Take handover's newest head, or rows that it names, from both stores; gives the key."""
    key = [each for each in await desk.keys() if each.startswith("registers/handover/heads/")][-1]
    if what == "rows":
        head = Head.from_bytes(await desk.ground.store("archive").take(key))
        key = rows_key("handover", head.tables["delivery"].portions[-1])
    for name in ("archive", "reserve"):
        await desk.ground.store(name).remove(key)
    return key


async def test_a_drill_fails_when_the_head_that_a_database_knows_is_in_no_store(desk: RestoringDesk) -> None:
    data = desk.ground.folder
    whole = await drill(settings_of(data), data / DRILLS, Sample(10, seed=1))
    assert whole.agrees
    assert whole.json()["registers_held_against"] == sorted(SERVICES)
    assert any("held against the databases of: catalog, handover" in line for line in whole.lines())
    key = await lost(desk)
    protocol = await drill(settings_of(data), data / DRILLS, Sample(10, seed=1))
    (told,) = protocol.differences
    assert told.startswith(f"the newest register of handover is missing or not whole: {key}")


@pytest.mark.parametrize("what", ["heads", "rows"])
async def test_a_copy_names_what_the_newest_register_lacks_in_both_stores(
    desk: RestoringDesk, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def not_reached(*_: object) -> dict[str, str]:
        return {}

    monkeypatch.setattr("cli.copies.command.write_registers", not_reached)  # as with the scrubber's environment
    key = await lost(desk, what)
    report = await refreshed(tmp_path / "set", desk.ground.folder, verify=False)
    assert not report.is_good
    assert report.wrong == {Did.LOST: [key]}


@pytest.mark.parametrize("what", ["heads", "rows"])
async def test_what_a_register_lost_is_written_again_from_its_database(
    desk: RestoringDesk, tmp_path: Path, what: str
) -> None:
    key = await lost(desk, what)
    first = await refreshed(tmp_path / "set", desk.ground.folder, verify=False)
    assert first.wrong == ({Did.LOST: [key]} if what == "heads" else {}), "the head itself is gone for ever, and told"
    assert (await refreshed(tmp_path / "other", desk.ground.folder, verify=False)).is_good
    assert (await drill(settings_of(desk.ground.folder), desk.ground.folder / DRILLS, Sample(1, seed=1))).agrees
    assert (await desk.restore("reserve")).agrees
