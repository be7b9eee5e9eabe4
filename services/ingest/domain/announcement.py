"""What a station announces about a page before its bytes come."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

from services.ingest.domain.capture import HEADER, Capture
from services.ingest.errors import (
    DigestMalformed,
    DigestMissing,
    LengthMissing,
    MediaTypeRefused,
    NotAnImage,
    NumberMalformed,
    PageTooLarge,
)
from shared.numerals import number_in

MEDIA_TYPES = frozenset({"image/tiff", "image/jpeg", "image/png", "image/jp2"})
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")
_FILE_NAME = re.compile(r"filename\*=UTF-8''([^;]+)", re.IGNORECASE)
LONGEST_NAME = 255
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Announcement:
    """Length in bytes, SHA-256 in lower-case hex, media type, and the file's name at the station (may be empty).

    `capture` is what the station says of the scanning (`domain/capture.py`), empty where it says nothing.
    """

    size: int
    sha256: str
    media_type: str
    file_name: str = ""
    capture: str = ""

    @classmethod
    def of(cls, headers: Mapping[str, str], *, largest: int) -> Self:
        """Read the headers of a page: Content-Length, Content-Digest (RFC 9530), Content-Type, Content-Disposition,
        Saoluu-Capture.

        Raises LengthMissing, NumberMalformed, PageTooLarge, NotAnImage (an empty body), DigestMissing, DigestMalformed,
        MediaTypeRefused, CaptureMalformed.
        """
        if "content-length" not in headers:
            raise LengthMissing
        return cls(
            size=accepted_size(number_of(headers, "Content-Length"), largest),
            sha256=sha256_of(headers.get("content-digest")),
            media_type=accepted_media_type(headers.get("content-type", "")),
            file_name=file_name_of(headers.get("content-disposition", "")),
            capture=accepted_capture(headers.get(HEADER, "")),
        )


def number_of(headers: Mapping[str, str], name: str) -> int:
    """Read a header that must be a number. Raises NumberMalformed, also when it is missing."""
    try:
        return number_in(headers.get(name.lower(), ""))
    except ValueError as malformed:
        raise NumberMalformed(f"{name}: {malformed}") from malformed


def accepted_size(size: int, largest: int) -> int:
    """Give a size that is neither nothing nor too much."""
    if size > largest:
        raise PageTooLarge(f"{size} bytes; at most {largest}")
    if size == 0:
        raise NotAnImage("the body is empty")
    return size


def accepted_capture(told: str) -> str:
    """Give what was said of the scanning as it came, once it can be read. Raises CaptureMalformed."""
    Capture.of(told)
    return told


def sha256_of(content_digest: str | None) -> str:
    """Read the SHA-256 out of a Content-Digest, as lower-case hex."""
    if not content_digest:
        raise DigestMissing
    found = _SHA256.search(content_digest)
    try:
        digest = base64.b64decode(found.group(1), validate=True) if found else b""
    except binascii.Error as malformed:
        raise DigestMalformed from malformed
    if len(digest) != 32:
        raise DigestMalformed
    return digest.hex()


def accepted_media_type(content_type: str) -> str:
    """Give the media type without its parameters, if pages may have it."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise MediaTypeRefused(media_type or "no Content-Type")
    return media_type


def file_name_of(content_disposition: str) -> str:
    """Read the file's name at the station (RFC 8187 form only); it is kept as a fact, never used as a path."""
    found = _FILE_NAME.search(content_disposition)
    name = unquote(found.group(1)) if found else ""
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME]
