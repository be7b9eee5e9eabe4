"""Ingest's own settings."""

from pydantic import PositiveInt

from shared.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """Limits of what comes in: bytes of a page, seconds of silence inside a body, sealings at once.

    Days that things stay in `incoming`: masters that are preserved, strays, uploads that do not grow. At least one:
    no request lasts a day.
    """

    ingest_largest_page: int = 2 << 30
    ingest_slowest_seconds: float = 30.0
    ingest_sealings: int = 2
    ingest_keep_incoming_days: PositiveInt = 30
    ingest_keep_strays_days: PositiveInt = 7
    ingest_keep_uploads_days: PositiveInt = 7
