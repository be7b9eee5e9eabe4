"""Dates as archives know them: a day, a month or only a year."""

import re
from datetime import date

_PATTERNS = (
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})"),
)


def iso_of(text: str) -> str:
    """Give dd/mm/yyyy, mm/yyyy, yyyy or ISO 8601 as ISO 8601, cut where unknown. Raises ValueError."""
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text.strip())
        if found:
            parts = {name: int(value) for name, value in found.groupdict().items() if value is not None}
            whole = date(parts["year"], parts.get("month", 1), parts.get("day", 1))
            return whole.isoformat()[: 10 if "day" in parts else 7 if "month" in parts else 4]
    raise ValueError(f"{text!r} is no date")


def earliest(iso: str) -> str:
    """Give the first day a cut date may mean."""
    return iso + "0000-01-01"[len(iso) :]


def latest(iso: str) -> str:
    """Give a day not before the last that a cut date may mean, for comparing."""
    return iso + "9999-12-31"[len(iso) :]


def in_order(starts_on: str | None, ends_on: str | None) -> bool:
    """Say whether a period can be one: its end is not wholly before its start."""
    return starts_on is None or ends_on is None or latest(ends_on) >= earliest(starts_on)


def is_future(iso: str | None, today: date) -> bool:
    """Say whether a cut date lies wholly after today: nothing in an archive does."""
    return iso is not None and earliest(iso) > today.isoformat()
