"""What the scrubber works with: unlike the rest of ingest it may replace damaged objects, and knows no `incoming`."""

from dataclasses import dataclass
from datetime import timedelta

from services.ingest.fixity_count import FixityCount
from shared.service import Context
from shared.storage.port import MendableStore, Pace


@dataclass(frozen=True)
class Scrubber(Context):
    """The scrubber's means: both stores, how fast it reads, and within which period it has read everything."""

    archive: MendableStore
    reserve: MendableStore
    pace: Pace
    period: timedelta
    count: FixityCount

    @property
    def stores(self) -> tuple[MendableStore, MendableStore]:
        """Give both stores."""
        return self.archive, self.reserve
