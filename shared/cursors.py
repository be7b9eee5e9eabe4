"""Cursors: a place in a sorted list, folded into a word that callers hand back as they got it."""

import base64
import json
from uuid import UUID

from shared.errors import Refused
from shared.numerals import LARGEST_NUMBER

Place = UUID | int


class CursorMalformed(Refused):
    """The cursor is not one that we gave."""

    code = "cursor_malformed"


def cursor_of(place: Place) -> str:
    """Fold a place into a cursor."""
    told = [place if isinstance(place, int) else str(place)]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """Unfold a cursor: the id or the number of what was listed last. Raises CursorMalformed."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as malformed:
        raise CursorMalformed from malformed
    match told:
        case [str(word)]:
            return id_of(word)
        case [int(number)] if not isinstance(number, bool) and 0 <= number <= LARGEST_NUMBER:
            return number
        case _:
            raise CursorMalformed


def id_of(word: str) -> UUID:
    """Read an id. Raises CursorMalformed."""
    try:
        return UUID(word)
    except ValueError as malformed:
        raise CursorMalformed from malformed
