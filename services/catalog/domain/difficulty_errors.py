"""Everything that can go wrong about difficulties.

ArchiveError
├── DifficultyUnknown      404  no difficulty has this id, or the caller may not know that one has
├── DifficultyStateWrong   409  a difficulty in this state cannot be changed so; `state` tells which
└── DifficultyKindUnknown  422  the list of kinds has no such kind
"""

from shared.errors import Conflict, NotFound, Unprocessable


class DifficultyUnknown(NotFound):
    """There is no such difficulty."""

    code = "catalog.difficulty_unknown"


class DifficultyStateWrong(Conflict):
    """A difficulty in this state cannot be changed so."""

    code = "catalog.difficulty_state_wrong"


class DifficultyKindUnknown(Unprocessable):
    """There is no such kind of difficulty."""

    code = "catalog.difficulty_kind_unknown"
