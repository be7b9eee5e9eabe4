"""What was taken out of the incoming store, for Prometheus."""

from enum import StrEnum

from prometheus_client import Counter

from shared.metrics import Meter


class Reason(StrEnum):
    """Why an object left the incoming store."""

    PRESERVED = "preserved"
    STRAY = "stray"
    ABANDONED = "abandoned"


class SweptCount:
    """Counts objects and bytes that left the incoming store, by reason."""

    def __init__(self, meter: Meter) -> None:
        self._objects = Counter(
            "saoluu_incoming_swept_objects", "Objects taken out of incoming", ["reason"], registry=meter.registry
        )
        self._bytes = Counter(
            "saoluu_incoming_swept_bytes", "Bytes taken out of incoming", ["reason"], registry=meter.registry
        )

    def add(self, reason: Reason, size: int) -> None:
        """Count an object of so many bytes."""
        self._objects.labels(reason).inc()
        self._bytes.labels(reason).inc(size)
