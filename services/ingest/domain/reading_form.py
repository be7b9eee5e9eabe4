"""The reading form of a document: one two-layer PDF/A-2b, kept beside the images that it was made of."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.domain.proof import Proof


@dataclass(frozen=True, slots=True)
class ReadingForm:
    """A finished PDF/A, proved and drafted in the incoming store; a sealing takes it as it is.

    `document` is the document's number in its dossier, from 1; a dossier that is not itemised is one document.
    `source_key` is its key in the incoming store, `mib_crc32` one CRC-32 per MiB. Pages of `unread_pages` have no text
    layer because they could not be read; `read_by` names the reader and its version, None where nothing was read.
    `signed_by` is the subject of the agency's certificate, None where it is unsigned. `proofs` are what its checker
    said, none where that was not written down yet.
    """

    document: int
    source_key: str
    size: int
    sha256: str
    crc32: int
    mib_crc32: tuple[int, ...]
    made_at: datetime
    page_count: int
    unread_pages: tuple[int, ...] = ()
    read_by: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    proofs: tuple[Proof, ...] = ()
