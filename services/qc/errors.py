"""Everything that can go wrong while pages are inspected.

ArchiveError
├── PageNotChecked       409  the machine has not looked at it yet
├── PageUnreadable       409  nobody can accept what nobody can see
├── ImageStale           409  the verdict is about an older image than the newest
├── AlreadyJudged        409  the page has a verdict, which can be undone
├── PageHeld             409  another inspector has the page on the desk
├── ScopeLocked          409  another inspector works through this dossier or lot
├── KeyReused            409  the same key came with something else
├── VerdictSuperseded    409  what is to be undone does not stand any more
├── RescanFulfilled      409  the new image is here: the order cannot be taken back
├── ReasonMissing        422  whatever is not simply accepted needs a reason
├── ReasonUnknown        422  no reason has this code
├── ReasonUnexpected     422  an accepted page needs none
├── NoteMissing          422  this cannot be said without words
├── RescanOpen           409  a rescan of this page is ordered already
├── DossierConcluded     409  accepted or rejected already
├── DossierWithdrawn     409  no list holds it any more
├── DossierStillScanning 409  the operator has not closed it, or pages are still on their way
├── VerdictsMissing      409  pages wait for a person's verdict
├── NothingAccepted      409  a dossier without an accepted page is rejected, not accepted
├── PagesAccepted        409  a dossier with accepted pages is not rejected as a whole
├── DossierInLot         409  its open lot decides about it
├── LotGoesBackwards     409  the lot's state does not allow this
├── LotUnfinished        409  pages of its sample are not judged yet
├── LotFailed            409  nobody accepts what the plan rejects
├── OwnLot               403  nobody accepts a lot on their own verdicts
├── LeaveUnasked         409  the plan of this lot does not ask for such leave
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


class ImageStale(Conflict):
    """A newer image of this page is here than the one that was judged."""

    code = "qc.image_stale"


class AlreadyJudged(Conflict):
    """This page has a verdict already; undo it first."""

    code = "qc.already_judged"


class PageHeld(Conflict):
    """Another inspector has this page on the desk."""

    code = "qc.page_held"


class ScopeLocked(Conflict):
    """Another inspector works through this dossier or lot."""

    code = "qc.scope_locked"


class KeyReused(Conflict):
    """This key came before, with something else."""

    code = "qc.key_reused"


class VerdictSuperseded(Conflict):
    """This verdict does not stand any more."""

    code = "qc.verdict_superseded"


class RescanFulfilled(Conflict):
    """The new image that was ordered is here already."""

    code = "qc.rescan_fulfilled"


class ReasonMissing(Unprocessable):
    """A verdict other than accepted needs a reason."""

    code = "qc.reason_missing"


class ReasonUnknown(Unprocessable):
    """No reason has this code."""

    code = "qc.reason_unknown"


class ReasonUnexpected(Unprocessable):
    """An accepted page needs no reason; with one it is accepted with a reservation."""

    code = "qc.reason_unexpected"


class NoteMissing(Unprocessable):
    """This needs a note in words."""

    code = "qc.note_missing"


class RescanOpen(Conflict):
    """A rescan of this page is ordered already and has not come yet."""

    code = "qc.rescan_open"


class DossierConcluded(Conflict):
    """This dossier is accepted or rejected already."""

    code = "qc.dossier_concluded"


class DossierWithdrawn(Conflict):
    """This dossier was withdrawn from its approved list."""

    code = "qc.dossier_withdrawn"


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


class LeaveUnasked(Conflict):
    """The plan of this lot does not ask for such leave."""

    code = "qc.leave_unasked"


class SeriesDiscontinued(Conflict):
    """Five lots of this series were rejected under tightened inspection: sampling resumes only with leave."""

    code = "qc.series_discontinued"
