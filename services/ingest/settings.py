"""Ingest's own settings."""

from shared.settings import ServiceSettings


class IngestSettings(ServiceSettings):
    """Limits of what comes in: bytes of a page, seconds of silence inside a body, sealings at once."""

    ingest_largest_page: int = 2 << 30
    ingest_slowest_seconds: float = 30.0
    ingest_sealings: int = 2
