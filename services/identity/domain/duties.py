"""Which roles one account may hold together."""

from enum import StrEnum

from services.identity.errors import PasswordTooWeak, RolesClash
from shared.auth.policy import Role

MACHINE_ROLES = frozenset({Role.STATION, Role.RECEIVER, Role.MONITOR})
CONTENT_ROLES = frozenset(
    {Role.ARCHIVIST, Role.APPRAISER, Role.APPROVER, Role.OPERATOR, Role.INSPECTOR, Role.HANDOVER_OFFICER}
)
SHORTEST_PASSWORD = 12


class Kind(StrEnum):
    """A person signs in; a machine has a credential file."""

    PERSON = "person"
    MACHINE = "machine"


def demand_compatible(kind: Kind, roles: frozenset[Role]) -> None:
    """Raise RolesClash unless an account of this kind may hold these roles.

    An administrator makes accounts and therefore does no content acts; machines have machine roles and only one;
    who audits does nothing else.
    """
    if not roles:
        raise RolesClash("an account has at least one role")
    if kind == Kind.MACHINE and (len(roles) != 1 or not roles <= MACHINE_ROLES):
        raise RolesClash("a machine is a station, a receiver or a monitor")
    if kind == Kind.PERSON and roles & MACHINE_ROLES:
        raise RolesClash("stations, receivers and monitors are machines")
    if Role.ADMIN in roles and roles & CONTENT_ROLES:
        raise RolesClash("an administrator does no content acts")
    if Role.AUDITOR in roles and len(roles) > 1:
        raise RolesClash("an auditor does nothing else")


def demand_strong(password: str, name: str) -> None:
    """Raise PasswordTooWeak unless a password is long enough and not the name."""
    if len(password) < SHORTEST_PASSWORD or password.casefold() == name.casefold():
        raise PasswordTooWeak
