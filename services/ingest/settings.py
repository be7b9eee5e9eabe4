"""Ingest's own settings."""

from typing import Annotated

from pydantic import Field, PositiveInt

from shared.eark.profile import DEFAULT, DEFAULT_OF_IMAGES
from shared.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """Limits of what comes in: bytes of a page, seconds of silence inside a body, sealings at once.

    Days that things stay in `incoming`: masters that are preserved, strays, uploads that do not grow. At least one:
    no request lasts a day.

    Copies are re-read within so many days (the law's limit is three years), so many bytes a second at most. In the
    full mode a process of its own does that, `saoluu scrub`, with the only key that may replace what is damaged;
    `ingest_scrubs` is for where everything is one process.

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
    ingest_profile: str = DEFAULT
    ingest_masters_profile: str = DEFAULT_OF_IMAGES
