"""Everything that can go wrong while pages are inspected.

ArchiveError
├── PageNotChecked       409  the machine has not looked at it yet
├── PageUnreadable       409  nobody can accept what nobody can see
├── NoteMissing          422  a reservation or a rejection needs its reason
├── RescanOpen           409  a rescan of this page is ordered already
├── DossierConcluded     409  accepted or rejected already
├── DossierStillScanning 409  the operator has not closed it, or pages are still on their way
├── VerdictsMissing      409  pages wait for a person's verdict
├── NothingAccepted      409  a dossier without an accepted page is rejected, not accepted
├── PagesAccepted        409  a dossier with accepted pages is not rejected as a whole
├── DossierInLot         409  its open lot decides about it
├── LotGoesBackwards     409  the lot's state does not allow this
├── LotUnfinished        409  pages of its sample are not judged yet
├── LotFailed            409  nobody accepts what the plan rejects
├── OwnLot               403  nobody accepts a lot on their own verdicts
├── SeriesDiscontinued   409  too many lots were rejected under tightened inspection
└── PictureAskedWrongly  400  no part, size or kind of picture is asked for that can be given
"""

from shared.errors import Conflict, Forbidden, Refused, Unprocessable


class PageNotChecked(Conflict):
    """The machine has not looked at this page yet."""

    code = "qc.page_not_checked"


class PageUnreadable(Conflict):
    """This page cannot be decoded: order a rescan, or reject it with the reason."""

    code = "qc.page_unreadable"


class NoteMissing(Unprocessable):
    """A reservation or a rejection needs its reason in words."""

    code = "qc.note_missing"


class RescanOpen(Conflict):
    """A rescan of this page is ordered already and has not come yet."""

    code = "qc.rescan_open"


class DossierConcluded(Conflict):
    """This dossier is accepted or rejected already."""

    code = "qc.dossier_concluded"


class DossierStillScanning(Conflict):
    """Not all pages of this dossier are scanned and checked yet."""

    code = "qc.dossier_still_scanning"


class VerdictsMissing(Conflict):
    """Some pages wait for an inspector's verdict."""

    code = "qc.verdicts_missing"


class NothingAccepted(Conflict):
    """No page of this dossier is accepted: reject it with an explanation instead."""

    code = "qc.nothing_accepted"


class PagesAccepted(Conflict):
    """Some pages of this dossier can be accepted, so it is not rejected as a whole."""

    code = "qc.pages_accepted"


class PictureAskedWrongly(Refused):
    """The address asks for no part, size or kind of picture that can be given."""

    code = "qc.picture_asked_wrongly"


class LotGoesBackwards(Conflict):
    """The state of this lot does not allow this."""

    code = "qc.lot_goes_backwards"


class DossierInLot(Conflict):
    """This dossier is in a lot that is not decided yet; it is concluded with the lot."""

    code = "qc.dossier_in_lot"


class LotUnfinished(Conflict):
    """The sample of this lot is not wholly judged, so it cannot be accepted yet."""

    code = "qc.lot_unfinished"


class LotFailed(Conflict):
    """The sample of this lot has more defects than its plan allows: it can only be rejected."""

    code = "qc.lot_failed"


class OwnLot(Forbidden):
    """Nobody accepts a lot of which they judged pages themselves."""

    code = "qc.own_lot"


class SeriesDiscontinued(Conflict):
    """Five lots of this series were rejected under tightened inspection: sampling resumes only with leave."""

    code = "qc.series_discontinued"
