"""What qc's operations work with: its database, two stores, the sandbox, the profile."""

from dataclasses import dataclass

from services.qc.domain.profile import Profile
from shared.imaging.sandbox import Sandbox
from shared.service import Context as ServiceContext
from shared.storage.port import DeletableStore, Store


@dataclass(frozen=True)
class Context(ServiceContext):
    """Qc's means: `incoming` is only read, `derived` can be made anew at any time.

    Pages are checked in one `sandbox`, and shown from another, so that nobody who looks waits for a queue.
    """

    incoming: Store
    derived: DeletableStore
    sandbox: Sandbox
    viewing: Sandbox
    profile: Profile
