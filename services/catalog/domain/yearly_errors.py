"""Everything that can go wrong about yearly lists.

ArchiveError
├── YearlyListUnknown     404  no yearly list has this id
├── YearlyListStateWrong  409  a list in this state cannot be changed so; `state` tells which
├── YearlyListEmpty       409  a list without dossiers is not frozen
├── YearlyListReplaces    409  a list of this year and these fonds is there: a newer one names it; `current` tells which
└── SendingWrong          422  a letter is not sent on a day of the future
"""

from shared.errors import Conflict, NotFound, Unprocessable


class YearlyListUnknown(NotFound):
    """There is no such yearly list."""

    code = "catalog.yearly_list_unknown"


class YearlyListStateWrong(Conflict):
    """A yearly list in this state cannot be changed so."""

    code = "catalog.yearly_list_state_wrong"


class YearlyListEmpty(Conflict):
    """A yearly list without dossiers cannot be frozen."""

    code = "catalog.yearly_list_empty"


class YearlyListReplaces(Conflict):
    """The list has to name the one that it replaces, and no other."""

    code = "catalog.yearly_list_replaces"


class SendingWrong(Unprocessable):
    """The list cannot have been sent on that day."""

    code = "catalog.sending_wrong"
