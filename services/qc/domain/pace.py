"""How fast pages are judged, from the moments of the verdicts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

PAUSE = timedelta(minutes=5)  # whoever is longer away has not been at work


def pages_a_minute(moments: Sequence[datetime]) -> float | None:
    """Give the pace over the given verdicts, pauses left out; None while there are too few to tell."""
    ordered = sorted(moments)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    worked = [gap for gap in gaps if gap <= PAUSE]
    spent = sum(worked, timedelta()).total_seconds()
    return round(60 * len(worked) / spent, 2) if spent > 0 else None


def seconds_left(pages: int, pace: float | None) -> int | None:
    """Give how long so many pages will take at a pace; None when nobody can tell."""
    if pages == 0:
        return 0
    return round(60 * pages / pace) if pace else None
