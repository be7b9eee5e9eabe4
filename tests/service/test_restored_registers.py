"""A restore tells of which moment each service's register is, and notices when a newer one is known of and missing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.handover.models import Delivery
from shared.clock import in_vietnam, now
from tests.grounds import Ground
from tests.service.conftest import in_one_mode
from tests.service.restoring_desk import SERVICES, RestoringDesk

pytestmark = in_one_mode


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
