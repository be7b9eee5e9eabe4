"""Everything that can go wrong about agencies, and who acts for them.

ArchiveError
├── AgencyUnknown       404  no agency has this id, or the caller may not know that one has
├── AgencyCodeUnknown   404  no agency has or had this code by that day
├── AgencyEnded         409  the agency is no more, or not yet; where it has ended, `successor` tells who took over
├── AgencyCodeTaken     409  another agency has the code in that time; `agency_id` and the days tell which
├── SpansWrong          422  names or codes overlap, end before they begin, or begin in the past of others
├── ParentWrong         422  an agency would stand under itself
├── SuccessorWrong      422  an agency cannot be followed by this one on this day
├── SuccessionMissing   409  nobody took over from the agency: there is nothing to undo
├── SuccessorEndedSince 409  the one that took over was itself taken over since: that is undone first
├── FondsMovedSince     409  fonds were given from the one to the other since; `fonds` tells which
├── AccountUnknown      422  no account of an agency has this id
└── ChangedMeanwhile    412  somebody else was quicker; `version` tells the present one
"""

from shared.errors import Conflict, NotFound, Unprocessable


class AgencyUnknown(NotFound):
    """There is no such agency."""

    code = "catalog.agency_unknown"


class AgencyCodeUnknown(NotFound):
    """No agency has or had this code by that day."""

    code = "catalog.agency_code_unknown"


class AgencyEnded(Conflict):
    """The agency is no more on this day."""

    code = "catalog.agency_ended"


class AgencyCodeTaken(Conflict):
    """Another agency has this code in that time."""

    code = "catalog.agency_code_taken"


class SpansWrong(Unprocessable):
    """Names or codes of an agency do not follow one another in time."""

    code = "catalog.spans_wrong"


class ParentWrong(Unprocessable):
    """An agency cannot stand under itself."""

    code = "catalog.parent_wrong"


class SuccessorWrong(Unprocessable):
    """The agency cannot be followed by this one on this day."""

    code = "catalog.successor_wrong"


class SuccessionMissing(Conflict):
    """Nobody took over from the agency."""

    code = "catalog.succession_missing"


class SuccessorEndedSince(Conflict):
    """The agency that took over was itself taken over since."""

    code = "catalog.successor_ended_since"


class FondsMovedSince(Conflict):
    """Fonds of the agency were given to the one that took over since."""

    code = "catalog.fonds_moved_since"


class AccountUnknown(Unprocessable):
    """No account of an agency has this id."""

    code = "catalog.account_unknown"


class ChangedMeanwhile(Conflict):
    """It was changed by somebody else meanwhile."""

    code = "catalog.changed_meanwhile"
    status = 412
