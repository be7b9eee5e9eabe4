"""What handover's operations work with: its database and both stores, which it only reads."""

from dataclasses import dataclass, field

from services.handover.shelf import Shelf
from shared.service import Context as ServiceContext
from shared.storage.port import Store


@dataclass(frozen=True)
class Context(ServiceContext):
    """Handover's means: packages are read from `archive`, and from `reserve` where that is damaged."""

    archive: Store
    reserve: Store
    shelf: Shelf = field(default_factory=Shelf)
