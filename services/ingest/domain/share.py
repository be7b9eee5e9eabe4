"""Which dossiers are re-read this hour: oldest first, so many that all are through once in a period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AIM = 0.9  # of the period: room for outages, and for what is put off because something large came before it


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier with copies: when it was last looked at, and its bytes in both stores."""

    dossier_id: UUID
    checked_at: datetime
    size: int


def share_of(
    dossiers: Iterable[Waiting], paid_until: datetime | None, moment: datetime, period: timedelta
) -> tuple[list[Waiting], datetime]:
    """Give those to be read in the hour from a moment on, and until when that pays.

    Reading a part of all bytes pays for the same part of the period, so that large dossiers and few dossiers do not
    come more often than small and many ones. What an outage of more than a day left over is not made up for in a
    burst; but whoever would be older than the period a day from now is read at once.
    """
    waiting = sorted(dossiers, key=lambda each: (each.checked_at, each.dossier_id))
    total = sum(max(1, each.size) for each in waiting)
    paid = max(paid_until or moment, moment - DAY)
    share: list[Waiting] = []
    for each in waiting:
        is_overdue = each.checked_at <= moment - period + min(DAY, period / 10)
        if not is_overdue and paid >= moment + HOUR:
            break
        share.append(each)
        paid += period * (AIM * max(1, each.size) / total)
    return share, paid
