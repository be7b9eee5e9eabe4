"""Everything that can go wrong while counting.

ArchiveError
├── PeriodBackwards  422  a period ends before it begins
└── DayOutsideYear   422  a year's figures are asked for as of a day of another year
"""

from shared.errors import Unprocessable


class PeriodBackwards(Unprocessable):
    """The period ends before it begins."""

    code = "reporting.period_backwards"


class DayOutsideYear(Unprocessable):
    """The day lies in another year."""

    code = "reporting.day_outside_year"
