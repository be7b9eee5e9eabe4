"""Ingest's own settings."""

import os
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from shared.eark.profile import DEFAULT, DEFAULT_OF_IMAGES
from shared.settings import ServiceSettings

FONTS = "/usr/share/fonts/truetype/croscore"  # of the Debian package fonts-croscore: Tinos


class IngestSettings(ServiceSettings):
    """Limits of what comes in: bytes of a page, seconds of silence inside a body, sealings at once.

    Days that things stay in `incoming`: masters that are preserved, strays, uploads that do not grow. At least one:
    no request lasts a day.

    Copies are re-read within so many days (the law's limit is three years), so many bytes a second at most. In the
    full mode a process of its own does that, `saoluu scrub`, with the only key that may replace what is damaged;
    `ingest_scrubs` is for where everything is one process. A restore is drilled with so many dossiers when the last
    drill that passed is so many days ago: by that one process, or by the scrubber's where it was given a folder.

    `ingest_reader` reads pages for their reading forms ("none": forms without text), `ingest_readers` at once, a page
    no longer than `ingest_reader_seconds`. Forms are signed where `ingest_certificate` names a PKCS#12 file or a key in
    a token (`pkcs11:`, RFC 7512), with its password or PIN in the file `ingest_certificate_password_file` and
    `ingest_agency` in the mark (empty: the name in the certificate), set in the face found in `ingest_fonts`;
    `ingest_timestamp_url` is the address of an RFC 3161 service.

    `ingest_profile` names how AIPs are written, `ingest_masters_profile` how the masters packages beside them are, and
    AIPs without reading forms (`shared/eark/profiles`).
    """

    ingest_largest_page: int = 2 << 30
    ingest_slowest_seconds: float = 30.0
    ingest_sealings: int = 2
    ingest_keep_incoming_days: PositiveInt = 30
    ingest_keep_strays_days: PositiveInt = 7
    ingest_keep_uploads_days: PositiveInt = 7
    ingest_scrub_days: Annotated[int, Field(ge=1, le=3 * 365)] = 90
    ingest_scrub_bytes_a_second: PositiveInt = 50_000_000
    ingest_scrubs: bool = False
    ingest_drill_days: Annotated[int, Field(ge=1, le=3 * 365)] = 90
    ingest_drill_sample: PositiveInt = 10
    ingest_reader: Literal["tesseract", "none"] = "tesseract"
    ingest_readers: int = os.cpu_count() or 2
    ingest_reader_seconds: float = 120.0
    ingest_certificate: str = ""
    ingest_certificate_password_file: str = ""
    ingest_agency: str = ""
    ingest_fonts: str = FONTS
    ingest_timestamp_url: str = ""
    ingest_profile: str = DEFAULT
    ingest_masters_profile: str = DEFAULT_OF_IMAGES
