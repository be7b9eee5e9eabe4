"""Everything that can go wrong while pages come in and are sealed.

ArchiveError
├── DossierNotApproved     403  no approved list holds the dossier
├── DossierClosed          409  no further pages
├── ScanWithdrawn          409  no list holds the dossier any more: nothing further is taken or shown
├── PageDiffers            409  the page is there with other bytes
├── RescanFulfilled        409  the order has its page already, with other bytes
├── RescanWithdrawn        409  the inspector took the order back
├── CountsDiffer           409  the caller counts other pages than we do
├── NothingScanned         409  an empty dossier cannot be closed
├── ExplanationMissing     422  expected and scanned differ, and nobody says why
├── DocumentsMisfit        422  documents overlap, leave gaps, or go past the last page
├── DocumentIdsTooLong     422  file code and document number exceed what the circular allows
├── LengthMissing          411
├── NumberMalformed        400  a header that must be a number
├── DigestMissing          400
├── DigestMalformed        400
├── CaptureMalformed       400  what the station says of its scanner cannot be read
├── NotAnImage             415  the bytes are none of TIFF, JPEG, PNG, JP2
├── MediaTypeRefused       415
├── PageTooLarge           413
├── UploadUnknown          404
├── UploadConflict         409  the offset is not where we are
├── ChecksumMismatch       460  tus: the part is not what was announced
├── TusVersionRefused      412
├── StateGoesBackwards     409
├── AcceptedPagesDiffer    409  what is to be sealed is not what was accepted
├── CopiesIncomplete       409  archive or reserve do not hold all that was sealed
├── NotPdfA                500  a reading form is no PDF/A-2b; it is made anew in the plainest way
├── CertificateUnusable    503  the agency's certificate is not in force: documents wait for a new one
├── WorkroomUnavailable    503  no room, or none that can be written, for what is being made
├── TimestampMissing       503  the time-stamping service does not answer
└── PageSwept              503  what an earlier request left was dropped at this very moment
"""

from shared.errors import ArchiveError, Conflict, Forbidden, NotFound, Refused, TooLarge, Unavailable, Unprocessable


class DossierNotApproved(Forbidden):
    """No approved list holds this dossier."""

    code = "ingest.dossier_not_approved"


class DossierClosed(Conflict):
    """The dossier is closed; a page can only be replaced by order."""

    code = "ingest.dossier_closed"


class ScanWithdrawn(Conflict):
    """The dossier was withdrawn from its approved list; nothing more is taken or shown of it."""

    code = "ingest.dossier_withdrawn"


class PageDiffers(Conflict):
    """This page is here already, with other bytes."""

    code = "ingest.page_differs"


class RescanFulfilled(Conflict):
    """This rescan order has its page already, with other bytes."""

    code = "ingest.rescan_fulfilled"


class RescanWithdrawn(Conflict):
    """The inspector took this rescan order back: no new image is wanted."""

    code = "ingest.rescan_withdrawn"


class CountsDiffer(Conflict):
    """The station counts other pages than have arrived here."""

    code = "ingest.counts_differ"


class NothingScanned(Conflict):
    """A dossier without a single page cannot be closed."""

    code = "ingest.nothing_scanned"


class ExplanationMissing(Unprocessable):
    """Expected and scanned pages differ; say why."""

    code = "ingest.explanation_missing"


class DocumentsMisfit(Unprocessable):
    """The documents must fill the pages from the first to the last, one after the other."""

    code = "ingest.documents_misfit"


class DocumentIdsTooLong(Unprocessable):
    """File code and document number make a longer id than the circular allows."""

    code = "ingest.document_ids_too_long"


class LengthMissing(ArchiveError):
    """A page is sent with its Content-Length."""

    code = "ingest.length_missing"
    status = 411


class NumberMalformed(Refused):
    """A header that must be a number is missing, or no number."""

    code = "ingest.number_malformed"


class DigestMissing(Refused):
    """A page is sent with its Content-Digest (RFC 9530): sha-256=:base64:."""

    code = "ingest.digest_missing"


class DigestMalformed(Refused):
    """The Content-Digest is not a SHA-256 in RFC 9530's form."""

    code = "ingest.digest_malformed"


class CaptureMalformed(Refused):
    """What was said of the scanning is not in its form."""

    code = "ingest.capture_malformed"


class NotAnImage(ArchiveError):
    """The bytes are none of TIFF, JPEG, PNG or JP2."""

    code = "ingest.not_an_image"
    status = 415


class MediaTypeRefused(ArchiveError):
    """Pages are image/tiff, image/jpeg, image/png or image/jp2."""

    code = "ingest.media_type_refused"
    status = 415


class PageTooLarge(TooLarge):
    """The page is larger than this archive accepts."""

    code = "ingest.page_too_large"


class UploadUnknown(NotFound):
    """There is no such upload, or it was finished or cancelled."""

    code = "ingest.upload_unknown"


class UploadConflict(Conflict):
    """The part does not begin where the upload stands."""

    code = "ingest.upload_conflict"


class ChecksumMismatch(ArchiveError):
    """The part that arrived is not the part that was announced (tus 1.0, checksum extension)."""

    code = "ingest.checksum_mismatch"
    status = 460


class TusVersionRefused(ArchiveError):
    """Only tus 1.0.0 is spoken here."""

    code = "ingest.tus_version_refused"
    status = 412

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"Tus-Version": "1.0.0"}


class AcceptedPagesDiffer(Conflict):
    """The pages to be sealed are not the pages that were accepted."""

    code = "ingest.accepted_pages_differ"


class CopiesIncomplete(Conflict):
    """Archive and reserve do not both hold all that was sealed; the masters stay where they are."""

    code = "ingest.copies_incomplete"


class PageSwept(Unavailable):
    """What an earlier request left of this page was dropped just now; send it again."""

    code = "ingest.page_swept"


class StateGoesBackwards(Conflict):
    """A dossier does not go back to an earlier state."""

    code = "ingest.state_goes_backwards"


class NotPdfA(ArchiveError):
    """The reading form of a document is no PDF/A-2b; `is_signed` says that its signature was there already."""

    code = "ingest.not_pdf_a"

    def __init__(self, told: str, *, is_signed: bool = False) -> None:
        super().__init__(told)
        self.is_signed = is_signed


class CertificateUnusable(Unavailable):
    """The agency's certificate is not in force or cannot sign; documents wait for a new one."""

    code = "ingest.certificate_unusable"


class WorkroomUnavailable(Unavailable):
    """There is no room in the temporary folder for what is being made, or it cannot be written."""

    code = "ingest.workroom_unavailable"


class TimestampMissing(Unavailable):
    """The time-stamping service does not answer; documents wait for it."""

    code = "ingest.timestamp_missing"
