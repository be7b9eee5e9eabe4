"""The paper that approves a list: its number, the day it was signed, who signed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.catalog.domain.description import Wrong
from services.catalog.domain.partial_date import is_future, iso_of

LARGEST_DOCUMENT = 10 << 20


@dataclass(frozen=True, slots=True)
class Decision:
    """A signed decision."""

    number: str
    signed_on: date
    signer: str


def wrong_day(told: str, today: date) -> Iterator[Wrong]:
    """Say what is wrong with the day of a signature: it is a whole day, and not one to come."""
    try:
        iso = iso_of(told)
    except ValueError:
        yield Wrong("signed_on", "not_a_date")
        return
    if len(iso) < len("2026-11-28"):
        yield Wrong("signed_on", "not_a_date")
    elif is_future(iso, today):
        yield Wrong("signed_on", "in_future")
