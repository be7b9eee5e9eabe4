"""Text as the catalog keeps it, and what its routes ask for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import AfterValidator

from services.catalog.context import Context
from services.catalog.domain.text import CONTROL, tidied, tidied_lines
from shared.service import context_of
from shared.wire import CursorMalformed, Line, Note, place_of


def clean(text: str) -> str:
    """Refuse control characters, which no database keeps alike. Raises ValueError."""
    if CONTROL.search(text):
        raise ValueError("control characters are not text")
    return text


Words = Annotated[Line, AfterValidator(clean), AfterValidator(tidied)]
OptionalWords = Annotated[Note, AfterValidator(clean), AfterValidator(tidied)]
Lines = Annotated[Note, AfterValidator(clean), AfterValidator(tidied_lines)]
Here = Annotated[Context, Depends(context_of)]


def id_before(cursor: str) -> UUID:
    """Give the id that a portion of a list begins after. Raises CursorMalformed."""
    try:
        return UUID(str(place_of(cursor)[0]))
    except (ValueError, IndexError) as malformed:
        raise CursorMalformed from malformed
