"""What the catalog's operations work with: its database, the programme, the rule about secrets."""

from dataclasses import dataclass

from services.catalog.domain.programme import Programme
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """The catalog's means."""

    programme: Programme
    secrets_allowed: bool
