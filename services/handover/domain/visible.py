"""Who sees what: a receiver only its own."""

from shared.auth.roles import Role
from shared.uow import Caller


def is_only_receiver(caller: Caller) -> bool:
    """Say whether a caller sees only its own."""
    return caller.roles == {Role.RECEIVER}
