"""What can go wrong while dossiers are looked for, and marked by what was looked for.

ArchiveError
├── SearchUnclear         422  nothing that could be looked for; `reason` tells why
├── FilterWrong           422  a filter names a code that there is not; `filter` and `value` tell which
├── TooManyDossiers       422  more dossiers answer the filters than one act may mark
├── NothingToMark         422  no dossier that answers the filters would be changed
├── EvidencePlaceUnknown  422  evidence has a place that nothing fills; `places` tells which, `known` those there are
├── SelectionChanged      412  the dossiers are not those, or not as, the caller looked at; look again
├── MarkingOvertaken      409  dossiers changed since they were marked: `dossiers` tells which and how
└── MarkingUnknown        404
"""

from shared.errors import Conflict, NotFound, Unprocessable


class SearchUnclear(Unprocessable):
    """There is nothing in this text that could be looked for."""

    code = "catalog.search_unclear"


class FilterWrong(Unprocessable):
    """A filter names a code that there is not."""

    code = "catalog.filter_wrong"


class TooManyDossiers(Unprocessable):
    """More dossiers answer the filters than one act may mark."""

    code = "catalog.too_many_dossiers"


class NothingToMark(Unprocessable):
    """No dossier that answers the filters would be changed."""

    code = "catalog.nothing_to_mark"


class EvidencePlaceUnknown(Unprocessable):
    """The evidence has a place in braces that nothing fills."""

    code = "catalog.evidence_place_unknown"


class SelectionChanged(Conflict):
    """The dossiers are not as the caller looked at them."""

    code = "catalog.selection_changed"
    status = 412


class MarkingOvertaken(Conflict):
    """Dossiers changed since they were marked."""

    code = "catalog.marking_overtaken"


class MarkingUnknown(NotFound):
    """Nothing was marked under this id."""

    code = "catalog.marking_unknown"
