"""Everything that can go wrong while counting.

ArchiveError
└── PeriodBackwards  422  a period ends before it begins
"""

from shared.errors import Unprocessable


class PeriodBackwards(Unprocessable):
    """The period ends before it begins."""

    code = "reporting.period_backwards"
