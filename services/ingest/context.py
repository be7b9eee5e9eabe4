"""What ingest's operations work with: its database, three stores, its receipts, its limits."""

from dataclasses import dataclass
from datetime import timedelta

from services.ingest.reading.desk import ReadingDesk
from services.ingest.receipts import ReceiptBook
from services.ingest.swept import SweptCount
from shared.eark.profile import PackageForm
from shared.service import Context as ServiceContext
from shared.storage.port import DeletableStore, Store


@dataclass(frozen=True)
class Context(ServiceContext):
    """Ingest's means. `largest_page` is in bytes; `slowest_seconds` is the longest silence inside a body.

    `keep_...` is how long things stay in `incoming`: masters after their dossier is preserved, strays after they were
    first seen, uploads after they last grew. `form` is how AIPs are written, `masters_form` how masters packages are.
    """

    incoming: DeletableStore
    archive: Store
    reserve: Store
    receipts: ReceiptBook
    largest_page: int
    slowest_seconds: float
    keep_incoming: timedelta
    keep_strays: timedelta
    keep_uploads: timedelta
    swept: SweptCount
    desk: ReadingDesk
    form: PackageForm
    masters_form: PackageForm
