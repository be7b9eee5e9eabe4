"""What can go wrong when a medium is noted, beyond its delivery and its parts.

ArchiveError
└── LeftOutUnknown  422  what was left out is no package of the parts that are on it
"""

from shared.errors import Unprocessable


class LeftOutUnknown(Unprocessable):
    """What is said to be left out of a medium is no package of its parts."""

    code = "handover.left_out_unknown"
