"""What can go wrong when an open delivery is given up.

ArchiveError
├── OwnGivingUp      403  nobody approves what they asked for
└── GivingUpUnasked  409  nobody asked for it
"""

from shared.errors import Conflict, Forbidden


class OwnGivingUp(Forbidden):
    """Nobody approves giving up a delivery who asked for it."""

    code = "handover.own_giving_up"


class GivingUpUnasked(Conflict):
    """Nobody asked to give this delivery up."""

    code = "handover.giving_up_unasked"
