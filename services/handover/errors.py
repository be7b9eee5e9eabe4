"""Everything that can go wrong on the way to the receiver.

ArchiveError
├── AgreementUnknown      404
├── ReceiverUnknown       422  no account of a receiver
├── ReceiverDisabled      422  its account is shut out
├── FondsUnknown          422  no dossier of it is preserved
├── DeliveryUnknown       404
├── PackageUnknown        404
├── NothingToDeliver      409  no preserved dossier of the fonds waits
├── DossiersUnavailable   409  not preserved, of another fonds, or in another delivery
├── ReadingFormsMissing   409  without masters there is nothing to deliver of a dossier
├── DossierQuarantined    409  an object of it is good in neither store
├── DeliveryNotReady      409  its packages are not all built yet
├── DeliveryCancelled     409  it was given up: it has no papers
├── StateGoesBackwards    409
├── NothingWouldRemain    409  the last package of a delivery is not withdrawn, the delivery is cancelled
├── PackageNotOffered     409  the delivery is not open
├── ReceiptDiffers        409  another answer was given already
├── PackageChanged        412  If-Match names another package than this
├── RangeBeyondEnd        416  no byte of the range is there
├── DigestUnexpected      422  accepted, but not these bytes
├── ReasonMissing         422  a rejection says why
├── FontMissing           500  the face of the printed papers is not installed
├── PaperNotSet           500  a paper could not be typeset as it was meant
├── ManifestDamaged       500  the manifest in the store is not the one that was announced
└── CopiesDamaged         500  a file is damaged in both stores
"""

from shared.errors import ArchiveError, Conflict, NotFound, Unprocessable


class AgreementUnknown(NotFound):
    """There is no such agreement."""

    code = "handover.agreement_unknown"


class DeliveryUnknown(NotFound):
    """There is no such delivery, or it is not yours."""

    code = "handover.delivery_unknown"


class PackageUnknown(NotFound):
    """There is no such package, or it is not yours."""

    code = "handover.package_unknown"


class ReceiverUnknown(Unprocessable):
    """No account that may receive has this id."""

    code = "handover.receiver_unknown"


class ReceiverDisabled(Unprocessable):
    """The account of this receiver is disabled."""

    code = "handover.receiver_disabled"


class FondsUnknown(Unprocessable):
    """No dossier of this fonds is preserved."""

    code = "handover.fonds_unknown"


class NothingToDeliver(Conflict):
    """No preserved dossier of this fonds waits for delivery."""

    code = "handover.nothing_to_deliver"


class DossiersUnavailable(Conflict):
    """Some dossiers are not preserved, belong to another fonds, or are in another delivery."""

    code = "handover.dossiers_unavailable"


class ReadingFormsMissing(Conflict):
    """Some dossiers have no reading forms: without their masters there is nothing to deliver of them."""

    code = "handover.reading_forms_missing"


class DossierQuarantined(Conflict):
    """Something of this dossier is good in neither store; it is not served until a good copy is restored."""

    code = "handover.dossier_quarantined"


class DeliveryNotReady(Conflict):
    """Not all packages of this delivery are built yet."""

    code = "handover.delivery_not_ready"


class DeliveryCancelled(Conflict):
    """This delivery was given up; it has no papers."""

    code = "handover.delivery_cancelled"


class StateGoesBackwards(Conflict):
    """A delivery does not go back to an earlier state."""

    code = "handover.state_goes_backwards"


class NothingWouldRemain(Conflict):
    """Without this package the delivery would be empty; cancel the delivery instead."""

    code = "handover.nothing_would_remain"


class PackageNotOffered(Conflict):
    """The delivery of this package is not open."""

    code = "handover.package_not_offered"


class ReceiptDiffers(Conflict):
    """Another answer was given for this package already."""

    code = "handover.receipt_differs"


class PackageChanged(ArchiveError):
    """The package is not the one that the request is about (If-Match)."""

    code = "handover.package_changed"
    status = 412


class RangeBeyondEnd(ArchiveError):
    """The range begins behind the end of the package."""

    code = "handover.range_beyond_end"
    status = 416

    def __init__(self, size: int) -> None:
        super().__init__(size=size)
        self.headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}


class DigestUnexpected(Unprocessable):
    """The package that was verified is not the one that was offered."""

    code = "handover.digest_unexpected"


class ReasonMissing(Unprocessable):
    """A rejected package needs its reasons."""

    code = "handover.reason_missing"


class FontMissing(ArchiveError):
    """The face that papers are printed in is not installed."""

    code = "handover.font_missing"


class PaperNotSet(ArchiveError):
    """A paper could not be typeset as it was meant."""

    code = "handover.paper_not_set"


class ManifestDamaged(ArchiveError):
    """The manifest in the store is not the one that was announced."""

    code = "handover.manifest_damaged"


class CopiesDamaged(ArchiveError):
    """A file is damaged or missing in both stores."""

    code = "handover.copies_damaged"
