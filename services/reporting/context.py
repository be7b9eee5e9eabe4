"""What reporting's operations work with: its database and the plan."""

from dataclasses import dataclass

from services.reporting.domain.plan import Plan
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """Reporting's means."""

    plan: Plan
