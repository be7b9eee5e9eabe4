"""A drill and a copy hold the registers in the stores against what the services' own databases know of them."""

from pathlib import Path

import pytest

from cli.copies.sources import settings_of
from cli.drill.drilling import DRILLS, Sample, drill
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


async def lost(desk: RestoringDesk, beginning: str) -> str:
    """Take the last object with such a key from both stores, and give its key."""
    key = [each for each in await desk.keys() if each.startswith(beginning)][-1]
    for name in ("archive", "reserve"):
        await desk.ground.store(name).remove(key)
    return key


async def test_a_drill_fails_when_the_head_that_a_database_knows_is_in_no_store(desk: RestoringDesk) -> None:
    data = desk.ground.folder
    whole = await drill(settings_of(data), data / DRILLS, Sample(10, seed=1))
    assert whole.agrees
    assert whole.json()["registers_held_against"] == sorted(SERVICES)
    assert any("held against the databases of: catalog, handover" in line for line in whole.lines())
    key = await lost(desk, "registers/handover/heads/")
    protocol = await drill(settings_of(data), data / DRILLS, Sample(10, seed=1))
    (told,) = protocol.differences
    assert told.startswith(f"the newest register of handover is missing or not whole: {key}")
