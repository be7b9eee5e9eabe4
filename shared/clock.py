"""The one place that asks the time."""

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")  # no summer time, so no time zone database is needed


def now() -> datetime:
    """Give the moment, aware and in UTC."""
    return datetime.now(UTC)


def day_in_vietnam(moment: datetime) -> date:
    """Give the calendar day of a moment where the archive stands: days and years are counted there."""
    return moment.astimezone(VIETNAM).date()


def in_vietnam(moment: datetime) -> datetime:
    """Give a moment by the clocks where the archive stands."""
    return moment.astimezone(VIETNAM)
