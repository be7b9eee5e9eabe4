"""How long a package stays restorable after it was handed over (Decree 113/2025/NĐ-CP, article 22: three months)."""

import calendar
from datetime import date

MONTHS = 3


def restorable_until(handed_over_on: date) -> date:
    """Give the last day on which nothing is taken away: the same day three months on, or the last of that month."""
    year, month = divmod(handed_over_on.year * 12 + handed_over_on.month - 1 + MONTHS, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(handed_over_on.day, last))
