"""What qc's operations work with: its database, two stores, the sandbox, the profile."""

from dataclasses import dataclass

from services.qc.domain.profile import Profile
from shared.imaging.sandbox import Sandbox
from shared.service import Context as ServiceContext
from shared.storage.port import DeletableStore, Store


@dataclass(frozen=True)
class Context(ServiceContext):
    """Qc's means: `incoming` is only read, `derived` can be made anew at any time."""

    incoming: Store
    derived: DeletableStore
    sandbox: Sandbox
    profile: Profile
