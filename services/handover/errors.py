"""What can go wrong on the way to the receiver; of agreements, media, carried receipts: domain/*_errors.py.

ArchiveError
├── ReceiverUnknown       422  no account of a receiver
├── ReceiverDisabled      422  its account is shut out
├── FondsUnknown          422  no dossier of it is preserved
├── DeliveryUnknown       404
├── PackageUnknown        404
├── ReceiptUnknown        404  nobody has answered yet
├── CorrectionUnknown     404
├── CorrectionSettled     409  it was explained, or its package accepted
├── ManifestMissing       404  it is not frozen yet
├── ManifestUnsigned      404  no certificate is set: there is no signature to give
├── NothingToDeliver      409  no preserved dossier of the fonds waits
├── DossiersUnavailable   409  not preserved, of another fonds, or in another delivery
├── DossierSecret         409  it is classified, and should never have come this far
├── DossierQuarantined    409  an object of it is good in neither store
├── DossierWithdrawn      409  it was taken off its approved list
├── DeliveryNotReady      409  its packages are not all built yet
├── DeliveryNotOpen       409  nothing of it is carried anywhere: not opened yet, or let go of
├── MediumNotAgreed       409  packages of it are pulled
├── MediumDiffers         409  another label or other parts were noted of this medium, or it is another delivery's
├── PartUnknown           422  the delivery has no such part
├── DeliveryCancelled     409  it was given up: it has no papers
├── StateGoesBackwards    409
├── NothingWouldRemain    409  the last package of a delivery is not withdrawn, the delivery is cancelled
├── PackageNotOffered     409  the delivery is not open
├── ReceiptDiffers        409  another answer was given already
├── StillRestorable       409  nothing is taken away within three months of its handing over
├── DeliveryIncomplete    409  a package of it is not accepted, and nobody explained why
├── DeliveryReleased      409  its packages are no longer served
├── PackageChanged        412  If-Match names another package than this
├── RangeBeyondEnd        416  no byte of the range is there
├── DigestUnexpected      422  accepted, but not these bytes
├── ReasonMissing         422  a rejection says why
├── ReasonUnexpected      422  an acceptance has no reasons against it
├── ReasonUnknown         422  no such code
├── ReasonNoteMissing     422  this code says nothing without a note
├── ReceiptUnsigned       422  it was agreed that receipts are signed
├── ReceiptForged         422  its signature is not the receiver's, or over something else
├── CertificateUnusable   500  the certificate for manifests cannot be read, or is not valid today
├── TimestampRefused      503  the timestamping service does not answer, or not as it should
├── ManifestDamaged       500  the manifest in the store is not the one that was announced
└── CopiesDamaged         500  a file is damaged in both stores
"""

from shared.errors import ArchiveError, Conflict, NotFound, Unavailable, Unprocessable


class DeliveryUnknown(NotFound):
    """There is no such delivery, or it is not yours."""

    code = "handover.delivery_unknown"


class PackageUnknown(NotFound):
    """There is no such package, or it is not yours."""

    code = "handover.package_unknown"


class ReceiptUnknown(NotFound):
    """Nobody has answered for this package yet."""

    code = "handover.receipt_unknown"


class CorrectionUnknown(NotFound):
    """There is no such correction."""

    code = "handover.correction_unknown"


class CorrectionSettled(Conflict):
    """This correction is settled already."""

    code = "handover.correction_settled"


class ManifestMissing(NotFound):
    """The manifest of this delivery is not frozen yet."""

    code = "handover.manifest_missing"


class ManifestUnsigned(NotFound):
    """The manifest of this delivery is not signed: no certificate is set."""

    code = "handover.manifest_unsigned"


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


class DossierSecret(Conflict):
    """This dossier is classified: it is not handed over."""

    code = "handover.dossier_secret"


class DossierQuarantined(Conflict):
    """Something of this dossier is good in neither store; it is not served until a good copy is restored."""

    code = "handover.dossier_quarantined"


class DossierWithdrawn(Conflict):
    """This dossier was withdrawn from its approved list; nothing of it is handed over unless it is approved anew."""

    code = "handover.dossier_withdrawn"


class DeliveryNotReady(Conflict):
    """Not all packages of this delivery are built yet."""

    code = "handover.delivery_not_ready"


class DeliveryNotOpen(Conflict):
    """This delivery is not open."""

    code = "handover.delivery_not_open"


class MediumNotAgreed(Conflict):
    """It was agreed that packages are pulled, not carried on media."""

    code = "handover.medium_not_agreed"


class MediumDiffers(Conflict):
    """Something else was noted of this medium already."""

    code = "handover.medium_differs"


class PartUnknown(Unprocessable):
    """The delivery has no part of this number."""

    code = "handover.part_unknown"


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


class StillRestorable(Conflict):
    """Nothing is taken away within three months of its handing over."""

    code = "handover.still_restorable"


class DeliveryIncomplete(Conflict):
    """Some package of this delivery is not accepted, and nobody explained why."""

    code = "handover.delivery_incomplete"


class DeliveryReleased(Conflict):
    """The packages of this delivery are no longer served."""

    code = "handover.delivery_released"


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


class ReasonUnexpected(Unprocessable):
    """An accepted package has no reasons against it."""

    code = "handover.reason_unexpected"


class ReasonUnknown(Unprocessable):
    """There is no such reason."""

    code = "handover.reason_unknown"


class ReasonNoteMissing(Unprocessable):
    """This reason says nothing without a note."""

    code = "handover.reason_note_missing"


class ReceiptUnsigned(Unprocessable):
    """It was agreed that receipts are signed."""

    code = "handover.receipt_unsigned"


class ReceiptForged(Unprocessable):
    """The signature is not that of the receiver, or is over another answer."""

    code = "handover.receipt_forged"


class CertificateUnusable(ArchiveError):
    """The certificate for manifests cannot be read, or is not valid today."""

    code = "handover.certificate_unusable"


class TimestampRefused(Unavailable):
    """The timestamping service does not answer, or not as it should."""

    code = "handover.timestamp_refused"


class ManifestDamaged(ArchiveError):
    """The manifest in the store is not the one that was announced."""

    code = "handover.manifest_damaged"


class CopiesDamaged(ArchiveError):
    """A file is damaged or missing in both stores."""

    code = "handover.copies_damaged"
