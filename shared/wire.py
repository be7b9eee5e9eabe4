"""Shapes on the wire: bodies forbid what they do not know, and numbers and booleans are never read out of text."""

import base64
import json
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.errors import Refused

T = TypeVar("T")

Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000_000)]
Ordinal = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Flag = Annotated[bool, Field(strict=True)]


def without_nul(text: str) -> str:
    """Refuse NUL, which PostgreSQL cannot keep."""
    if "\0" in text:
        raise ValueError("text may not hold NUL")
    return text


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(without_nul)
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(without_nul)]


class In(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Listing(Out, Generic[T]):
    """One portion of a list; `next` is the cursor of the portion after it, None at the end."""

    items: list[T]
    next: str | None = None


class CursorMalformed(Refused):
    """The cursor is not one that we gave."""

    code = "cursor_malformed"


def cursor_of(*place: str | int) -> str:
    """Fold a place in a sorted list into a cursor."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str) -> list[str | int]:
    """Unfold a cursor. Raises CursorMalformed."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeDecodeError) as malformed:
        raise CursorMalformed from malformed
    if not isinstance(place, list) or not all(isinstance(part, str | int) for part in place):
        raise CursorMalformed
    return place


def id_of(cursor: str) -> UUID:
    """Unfold a cursor whose place is an id. Raises CursorMalformed."""
    try:
        return UUID(str(place_of(cursor)[0]))
    except (ValueError, IndexError) as malformed:
        raise CursorMalformed from malformed


def number_of(cursor: str) -> int:
    """Unfold a cursor whose place is a number. Raises CursorMalformed."""
    try:
        return int(place_of(cursor)[0])
    except (ValueError, IndexError) as malformed:
        raise CursorMalformed from malformed
