"""What re-reading the copies finds, for Prometheus."""

from datetime import datetime

from prometheus_client import Counter, Gauge

from services.ingest.domain.fixity import Finding
from shared.clock import now
from shared.metrics import Meter


class FixityCount:
    """Counts findings, repairs and quarantines, and tells how long ago the oldest copy was found right."""

    def __init__(self, meter: Meter) -> None:
        registry = meter.registry
        self._findings = Counter(
            "saoluu_fixity_findings", "Objects found wrong", ["store", "finding"], registry=registry
        )
        self._repaired = Counter(
            "saoluu_copies_repaired_objects", "Objects repaired from the other copy", ["store"], registry=registry
        )
        self._quarantined = Counter("saoluu_packages_quarantined", "Packages good in no copy", registry=registry)
        self.in_quarantine = Gauge(
            "saoluu_packages_in_quarantine", "Packages good in no copy now, counted every hour", registry=registry
        )
        self._bytes = Counter("saoluu_fixity_read_bytes", "Bytes of copies re-read", ["store"], registry=registry)
        self._oldest: datetime | None = None
        age = Gauge(
            "saoluu_oldest_fixity_age_seconds",
            "Since the copy that has waited longest was found right; 0 without copies; looked up every hour",
            registry=registry,
        )
        age.set_function(lambda: (now() - self._oldest).total_seconds() if self._oldest else 0.0)

    def oldest(self, verified_at: datetime | None) -> None:
        """Know when the copy that has waited longest was found right; None without copies."""
        self._oldest = verified_at

    def read(self, store: str, size: int) -> None:
        """Count bytes that were read."""
        self._bytes.labels(store).inc(size)

    def found(self, store: str, finding: Finding) -> None:
        """Count an object that is wrong."""
        self._findings.labels(store, finding).inc()

    def repaired(self, store: str) -> None:
        """Count an object that is right again."""
        self._repaired.labels(store).inc()

    def quarantined(self) -> None:
        """Count a package that is good in no copy."""
        self._quarantined.inc()
