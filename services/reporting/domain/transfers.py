"""A year's figures of transfers from source agencies as they stood on a day: planned, received, left to arrange."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is told of a transfer; lengths in centimetres, `arranged` by day, oldest first."""

    is_withdrawn: bool
    planned_year: int
    registered_on: date
    dossiers: int
    shelf_cm: int
    arranged: Sequence[tuple[date, int]]
    received_on: date | None
    received_dossiers: int
    received_cm: int

    def arranged_by(self, day: date) -> int:
        """Give how much was arranged by a day."""
        return max(((at, cm) for at, cm in self.arranged if at <= day), default=(day, 0))[1]

    def is_outstanding(self, day: date) -> bool:
        """Say whether it was still to come in on a day."""
        is_here = self.received_on is not None and self.received_on <= day
        return not self.is_withdrawn and self.registered_on <= day and not is_here


@dataclass(slots=True)
class Figures:
    """A year's figures; `arranged_cm` is what was arranged within it, `outstanding` and `backlog` stand on the day."""

    planned_transfers: int = 0
    planned_dossiers: int = 0
    planned_cm: int = 0
    received_transfers: int = 0
    received_dossiers: int = 0
    received_cm: int = 0
    arranged_cm: int = 0
    outstanding_transfers: int = 0
    outstanding_dossiers: int = 0
    outstanding_cm: int = 0
    backlog_cm: int = 0


def figures(transfers: Iterable[Transfer], year: int, on: date) -> Figures:
    """Count a year as it stood on a day; what was withdrawn counts nowhere."""
    made = Figures()
    for each in transfers:
        if each.is_withdrawn:
            continue
        if each.planned_year == year:
            made.planned_transfers += 1
            made.planned_dossiers += each.dossiers
            made.planned_cm += each.shelf_cm
        if each.received_on is not None and each.received_on.year == year and each.received_on <= on:
            made.received_transfers += 1
            made.received_dossiers += each.received_dossiers
            made.received_cm += each.received_cm
        if each.is_outstanding(on):
            made.outstanding_transfers += 1
            made.outstanding_dossiers += each.dossiers
            made.outstanding_cm += each.shelf_cm
            made.backlog_cm += each.shelf_cm - each.arranged_by(on)
        made.arranged_cm += each.arranged_by(on) - each.arranged_by(date(year - 1, 12, 31))
    return made
