"""Records: values that are always written as the same bytes, and read back as the same values."""

import json
from typing import ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.eark.errors import RecordUnreadable

T = TypeVar("T", bound=BaseModel)


class Record(BaseModel):
    """A frozen value in a file of its own; readers ignore fields that a later version added."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    indent: ClassVar[int | None] = None

    def to_bytes(self) -> bytes:
        """Write canonical JSON: UTF-8, fields in alphabetical order, one line feed at the end."""
        return f"{canonical(self, self.indent)}\n".encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Read what `to_bytes` wrote. Raises RecordUnreadable."""
        return parsed(cls, body)


def parsed(kind: type[T], body: bytes) -> T:
    """Read a value of a kind. Raises RecordUnreadable."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise RecordUnreadable(f"{kind.__name__} {place}: {first['msg']}") from wrong


def canonical(values: BaseModel, indent: int | None) -> str:
    """Write values as canonical JSON, without the line feed at its end."""
    separators = (",", ":") if indent is None else (",", ": ")
    told = values.model_dump(mode="json")
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators)
