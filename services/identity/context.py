"""What identity's operations work with: its database, its signing key, and where its public key is published."""

from dataclasses import dataclass

from services.identity.keys import KeyRing
from shared.service import Context as ServiceContext


@dataclass(frozen=True)
class Context(ServiceContext):
    """Identity's means. `public_url` is where people reach the system, for the setup link."""

    keys: KeyRing
    public_url: str
