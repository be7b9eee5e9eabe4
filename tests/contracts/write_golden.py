"""Write the golden example of every event that has none yet; those that are there are never touched."""

import json
import types
import typing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from shared.events.base import Event
from shared.events.listeners import LISTENERS

GOLDEN = Path(__file__).parent / "golden"
SOME_ID = "01a20af6-59da-7963-b6de-1649591bb1cd"


def example(kind: Any) -> Any:  # noqa: ANN401 - any type, any value
    """Give a plausible value of a type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return example(arguments[0])
    if origin is tuple:
        return [example(arguments[0])]
    if origin is Literal:
        return arguments[0]
    kind = getattr(kind, "__supertype__", kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: example(field.annotation) for name, field in kind.model_fields.items()}
    plain = {UUID: SOME_ID, str: "chữ", int: 3, bool: True, datetime: "2026-11-24T01:02:03Z", date: "2026-11-24"}
    return plain[kind]


def golden(event: type[Event]) -> dict[str, Any]:
    """Give an example of an event as it travels."""
    values = {name: example(field.annotation) for name, field in event.model_fields.items() if name != "occurred_at"}
    made = event.model_validate({**values, "occurred_at": datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)})
    told: dict[str, Any] = json.loads(made.model_dump_json())
    return told


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in LISTENERS:
        place = GOLDEN / f"{each.name}.json"
        if not place.exists():
            place.write_text(json.dumps(golden(each), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
