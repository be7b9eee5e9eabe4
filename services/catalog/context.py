"""What the catalog's operations work with: its database, the programme, the rule about secrets, its limits."""

from dataclasses import dataclass

from services.catalog.domain.programme import Programme
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """The catalog's means. `largest_workbook` is in bytes; `slowest_seconds` is the longest silence inside a body.

    An uploaded file is kept for `uploads_kept_days`.
    """

    programme: Programme
    secrets_allowed: bool
    largest_workbook: int
    slowest_seconds: float
    uploads_kept_days: int
