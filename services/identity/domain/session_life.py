"""How long a session lives: a quarter of an hour after its last use, and half a day at most."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)


def is_over(begun_at: datetime, used_at: datetime, moment: datetime) -> bool:
    """Say whether a session has ended by itself."""
    return moment - used_at > IDLE or moment - begun_at > LONGEST
