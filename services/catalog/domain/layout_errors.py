"""Everything that can go wrong about own column layouts.

ArchiveError
├── LayoutUnknown    404  no layout has this id or name
├── LayoutNameTaken  409  another layout has this name
├── LayoutWrong      422  a layout that cannot be followed; `wrongs` tells what and why
└── LayoutUnclear    422  a file fits several layouts: `layouts` names them, one has to be chosen
"""

from shared.errors import Conflict, NotFound, Unprocessable


class LayoutUnknown(NotFound):
    """There is no such column layout."""

    code = "catalog.layout_unknown"


class LayoutNameTaken(Conflict):
    """Another column layout has this name."""

    code = "catalog.layout_name_taken"


class LayoutWrong(Unprocessable):
    """The column layout cannot be followed."""

    code = "catalog.layout_wrong"


class LayoutUnclear(Unprocessable):
    """The file fits several column layouts; say which is meant."""

    code = "catalog.layout_unclear"
