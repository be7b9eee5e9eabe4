"""The contracts between services: complete, described, and never changed behind anybody's back."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.embedded import SERVICES
from shared.events.base import Event
from shared.events.describe import described
from shared.events.listeners import LISTENERS

ROOT = Path(__file__).parents[2]
EVENTS = sorted(LISTENERS, key=lambda event: event.name)
GOLDEN = ROOT / "tests" / "contracts" / "golden"


def test_the_table_of_listeners_is_what_the_services_really_hear() -> None:
    from importlib import import_module

    heard: dict[type[Event], set[str]] = {}
    for service in SERVICES:
        for event in import_module(f"services.{service}.handlers").subscriptions.handlers:
            heard.setdefault(event, set()).add(service)
    assert heard == {event: set(listeners) for event, listeners in LISTENERS.items()}


def test_every_event_is_in_the_table_and_published_by_its_own_service() -> None:
    assert set(Event.known.values()) == set(LISTENERS)
    for event in LISTENERS:
        assert event.__module__ == f"shared.events.{event.name.split('.')[0]}"
        assert event.subject in event.model_fields


def test_the_page_about_events_is_fresh() -> None:
    assert (ROOT / "docs" / "events.md").read_text() == described(), "run make docs"


def still_says(written: Any, old: Any) -> bool:  # noqa: ANN401 (whatever JSON holds)
    """Say whether everything that was told once is told still; more may be told, however deep."""
    if isinstance(old, dict):
        return isinstance(written, dict) and all(
            name in written and still_says(written[name], old[name]) for name in old
        )
    if isinstance(old, list):
        return len(written) == len(old) and all(still_says(one, other) for one, other in zip(written, old, strict=True))
    return bool(written == old)


@pytest.mark.parametrize("event", EVENTS, ids=[event.name for event in EVENTS])
def test_what_was_once_published_can_be_read_for_ever(event: type[Event]) -> None:
    golden = GOLDEN / f"{event.name}.json"
    assert golden.exists(), "a new event needs its golden file: python -m tests.contracts.write_golden"
    old: dict[str, Any] = json.loads(golden.read_text())
    read = event.model_validate(old)
    written = json.loads(read.model_dump_json())
    assert still_says(written, old)
    required = {name for name, field in event.model_fields.items() if field.is_required()}
    assert required <= old.keys(), "a field that was added later must be optional"


@pytest.mark.parametrize("event", EVENTS, ids=[event.name for event in EVENTS])
def test_readers_ignore_fields_that_they_do_not_know(event: type[Event]) -> None:
    old = json.loads((GOLDEN / f"{event.name}.json").read_text())
    assert event.model_validate({**old, "added_later": 1}) == event.model_validate(old)


def test_an_event_knows_what_it_is_about() -> None:
    event = next(iter(LISTENERS))
    old = json.loads((GOLDEN / f"{event.name}.json").read_text())
    assert event.model_validate(old).subject_id == UUID(old[event.subject])
    assert event.model_validate(old).occurred_at <= datetime.now(UTC)
