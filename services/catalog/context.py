"""What the catalog's operations work with: its database, the programme, the rules, its limits."""

from dataclasses import dataclass

from services.catalog.domain.programme import Programme
from services.catalog.domain.yearly_rule import YearlyRule
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """The catalog's means. `largest_workbook` is in bytes; `slowest_seconds` is the longest silence inside a body."""

    programme: Programme
    yearly_rule: YearlyRule
    secrets_allowed: bool
    largest_workbook: int
    slowest_seconds: float
