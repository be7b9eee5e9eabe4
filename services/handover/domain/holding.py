"""What a package for the receiver holds: the reading forms of a dossier, or its masters."""

from collections.abc import Sequence
from enum import StrEnum


class Holding(StrEnum):
    """readings: the documents as PDF/A; masters: the images as scanned, beside those or alone."""

    READINGS = "readings"
    MASTERS = "masters"


def holdings_of(reading_count: int, *, with_masters: bool, is_circular: bool) -> Sequence[Holding]:
    """Say which packages of a dossier are delivered.

    The circular knows one representation, its reading forms, so agreed images travel in a package of their own beside
    it. In any other form agreed images are the package. A dossier without reading forms has nothing but its images.
    """
    if not reading_count or (with_masters and not is_circular):
        return [Holding.MASTERS]
    return [Holding.READINGS, Holding.MASTERS] if with_masters else [Holding.READINGS]
