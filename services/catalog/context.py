"""What the catalog's operations work with: its database, the programme, the rule about secrets, limits, the press."""

from dataclasses import dataclass

from services.catalog.domain.programme import Programme
from services.catalog.domain.totals import Assumptions
from services.catalog.domain.yearly_rule import YearlyRule
from shared.papers.office import Office
from shared.papers.press import Press
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """The catalog's means. `largest_workbook` is in bytes; `slowest_seconds` is the longest silence inside a body.

    An uploaded file is kept for `uploads_kept_days`.
    """

    programme: Programme
    yearly_rule: YearlyRule
    secrets_allowed: bool
    largest_workbook: int
    is_appraisal_required: bool
    assumptions: Assumptions
    slowest_seconds: float
    office: Office
    press: Press
    uploads_kept_days: int
