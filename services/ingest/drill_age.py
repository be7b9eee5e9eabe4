"""How long ago a restore was last drilled, for Prometheus."""

from datetime import datetime

from prometheus_client import Gauge

from services.ingest.operations.drilling import undrilled_since
from shared.clock import now
from shared.database import Database
from shared.metrics import Meter


class DrillAge:
    """Tells how long ago the last drill passed, or since when something is preserved without one."""

    def __init__(self, meter: Meter) -> None:
        self._since: datetime | None = None
        age = Gauge(
            "saoluu_last_drill_age_seconds",
            "Since the last restore drill that passed, or since the first preservation; 0 before; looked up every hour",
            registry=meter.registry,
        )
        age.set_function(lambda: (now() - self._since).total_seconds() if self._since else 0.0)

    async def look(self, database: Database) -> None:
        """Look it up."""
        async with database.reading() as session:
            self._since = await undrilled_since(session)
