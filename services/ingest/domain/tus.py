"""Resumable uploads: what tus 1.0 (tus.io/protocols/resumable-upload) puts into headers."""

import base64
import binascii
from collections.abc import Mapping
from uuid import UUID

from services.ingest.domain.announcement import (
    LAST_PAGE,
    Announcement,
    accepted_capture,
    accepted_media_type,
    accepted_size,
    number_of,
)
from services.ingest.errors import DigestMalformed, DigestMissing, TusVersionRefused
from shared.errors import Refused
from shared.numerals import number_in

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination"
CHECKSUMS = "sha256,sha1"
PART_TYPE = "application/offset+octet-stream"


def demand_version(headers: Mapping[str, str]) -> None:
    """Raise TusVersionRefused unless the client speaks our version."""
    if headers.get("tus-resumable") != VERSION:
        raise TusVersionRefused


def metadata_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Read Upload-Metadata: comma-separated pairs of a key and a base64 value. Raises Refused."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in headers.get("upload-metadata", "").split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as malformed:
            raise Refused(f"Upload-Metadata: {key} is not base64 of UTF-8") from malformed
    return found


def announcement_of(headers: Mapping[str, str], metadata: Mapping[str, str], *, largest: int) -> Announcement:
    """Read what a creation announces: Upload-Length, and metadata `sha256` (hex), `media_type`, `file_name`, `capture`.

    Raises what `Announcement.of` raises.
    """
    length = number_of(headers, "Upload-Length")
    digest = metadata.get("sha256", "").lower()
    if not digest:
        raise DigestMissing("Upload-Metadata has no sha256")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise DigestMalformed
    return Announcement(
        size=accepted_size(length, largest),
        sha256=digest,
        media_type=accepted_media_type(metadata.get("media_type", "")),
        file_name="".join(letter for letter in metadata.get("file_name", "") if letter.isprintable())[:255],
        capture=accepted_capture(metadata.get("capture", "")),
    )


def target_of(metadata: Mapping[str, str]) -> tuple[UUID, int] | UUID:
    """Read where the page belongs: `dossier_id` and `number`, or `rescan_order_id`. Raises Refused."""
    try:
        if "rescan_order_id" in metadata:
            return UUID(metadata["rescan_order_id"])
        number = number_in(metadata["number"])
        dossier_id = UUID(metadata["dossier_id"])
    except (KeyError, ValueError) as missing:
        raise Refused("Upload-Metadata needs dossier_id and number, or rescan_order_id") from missing
    if not 1 <= number <= LAST_PAGE:
        raise Refused(f"number is from 1 to {LAST_PAGE}")
    return dossier_id, number


def checksum_of(headers: Mapping[str, str]) -> tuple[str, bytes] | None:
    """Read Upload-Checksum: algorithm and digest, or None when the part has none. Raises Refused."""
    value = headers.get("upload-checksum")
    if value is None:
        return None
    algorithm, _, digest = value.partition(" ")
    if algorithm not in CHECKSUMS.split(","):
        raise Refused(f"checksums are {CHECKSUMS}")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error as malformed:
        raise Refused("Upload-Checksum is not base64") from malformed
