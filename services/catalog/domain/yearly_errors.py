"""Everything that can go wrong about yearly lists.

ArchiveError
├── YearlyListUnknown     404  no yearly list has this id
├── YearlyListStateWrong  409  a list in this state cannot be changed so; `state` tells which
├── YearlyListEmpty       409  a list without dossiers is not frozen
├── YearlyListReplaces    409  a list of this year and these fonds is there: a newer one names it; `current` tells which
├── YearlyListOverlaps    409  one list of the year is of all fonds, others would be of one; `lists` tells which stand
├── SendingWrong          422  a letter is not sent on a day of the future
├── YearlyPaperUnknown    404  no paper of a yearly list has this id
├── YearlyPaperUnready    409  the paper is still being made, or its making failed; `state` tells which
├── YearlyPaperTooLong    409  a word processor does not take so many rows; `limit` tells how many
└── RuleOtherwise         409  the rule is another one by now than the one that was confirmed
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


class YearlyListOverlaps(Conflict):
    """A dossier would be named in two lists of the year: one of its fonds, and one of all."""

    code = "catalog.yearly_list_overlaps"


class SendingWrong(Unprocessable):
    """The list cannot have been sent on that day."""

    code = "catalog.sending_wrong"


class YearlyPaperUnknown(NotFound):
    """There is no such paper of a yearly list."""

    code = "catalog.yearly_paper_unknown"


class YearlyPaperUnready(Conflict):
    """The paper cannot be fetched: it is not made yet, or its making failed."""

    code = "catalog.yearly_paper_unready"


class YearlyPaperTooLong(Conflict):
    """The list has more dossiers than a document for a word processor can hold."""

    code = "catalog.yearly_paper_too_long"


class RuleOtherwise(Conflict):
    """The rule of the yearly list is not the one that is confirmed here."""

    code = "catalog.rule_otherwise"
