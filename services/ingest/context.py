"""What ingest's operations work with: its database, three stores, its receipts, its limits."""

from dataclasses import dataclass

from services.ingest.receipts import ReceiptBook
from shared.service import Context as ServiceContext
from shared.storage.port import DeletableStore, Store


@dataclass(frozen=True)
class Context(ServiceContext):
    """Ingest's means. `largest_page` is in bytes; `slowest_seconds` is the longest silence inside a body."""

    incoming: DeletableStore
    archive: Store
    reserve: Store
    receipts: ReceiptBook
    largest_page: int
    slowest_seconds: float
