"""What a package for the receiver holds: the reading forms of a dossier, or its masters."""

from collections.abc import Sequence
from enum import StrEnum


class Holding(StrEnum):
    """readings: the circular's SIP; masters: the images as scanned, in a package beside it or, without it, alone."""

    READINGS = "readings"
    MASTERS = "masters"


def holdings_of(reading_count: int, *, with_masters: bool) -> Sequence[Holding]:
    """Say which packages of a dossier are delivered: its reading forms, and its images where they are agreed or all."""
    readings = [Holding.READINGS] if reading_count else []
    return [*readings, *([Holding.MASTERS] if with_masters or not readings else [])]
