"""What a package for the receiver holds: the reading forms of a dossier, or its masters."""

from collections.abc import Sequence
from enum import StrEnum


class Holding(StrEnum):
    """readings: the circular's SIP; masters: the images as scanned, in a package beside it or, without it, alone."""

    READINGS = "readings"
    MASTERS = "masters"


def holdings_of(reading_count: int, masters: bool | None) -> Sequence[Holding]:
    """Say which packages of a dossier are delivered; nothing where no masters are wanted and no reading forms exist.

    `masters` says whether the receiver asked for them; None leaves it at the images of dossiers that have nothing else.
    """
    wants_masters = masters if masters is not None else not reading_count
    return [*([Holding.READINGS] if reading_count else []), *([Holding.MASTERS] if wants_masters else [])]
