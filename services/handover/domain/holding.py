"""What a package for the receiver holds: the reading forms of a dossier, or its masters."""

from collections.abc import Sequence
from enum import StrEnum


class Holding(StrEnum):
    """readings: the documents as PDF/A; masters: the images as scanned, beside those or alone; both in one package."""

    READINGS = "readings"
    MASTERS = "masters"
    BOTH = "both"


def holdings_of(reading_count: int, *, with_masters: bool, is_circular: bool) -> Sequence[Holding]:
    """Say which packages of a dossier are delivered.

    The circular knows one representation, its reading forms, so agreed images travel in a package of their own beside
    it. Any other form has a representation for each. A dossier without reading forms has nothing but its images.
    """
    if not reading_count:
        return [Holding.MASTERS]
    if with_masters and not is_circular:
        return [Holding.BOTH]
    return [Holding.READINGS, Holding.MASTERS] if with_masters else [Holding.READINGS]
