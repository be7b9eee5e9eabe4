"""Which roles one account may hold together."""

from enum import StrEnum

from services.identity.errors import RolesClash
from shared.auth.roles import Role

MACHINE_ROLES = frozenset({Role.STATION, Role.RECEIVER, Role.MONITOR})
ALONE = frozenset({Role.ADMIN, Role.AUDITOR, Role.AGENCY})


class Kind(StrEnum):
    """A person signs in; a machine has a credential file."""

    PERSON = "person"
    MACHINE = "machine"


def kind_for(roles: frozenset[Role]) -> Kind:
    """Give the kind of account that roles are made for."""
    return Kind.MACHINE if roles and roles <= MACHINE_ROLES else Kind.PERSON


def demand_compatible(kind: Kind, roles: frozenset[Role]) -> None:
    """Raise RolesClash unless an account of this kind may hold these roles.

    Three duties are held alone: who makes accounts does no content acts, who audits judges no work of his own, and
    an agency is an outsider. A machine does one thing.
    """
    if not roles:
        raise RolesClash("an account has at least one role")
    if kind == Kind.MACHINE and (len(roles) != 1 or not roles <= MACHINE_ROLES):
        raise RolesClash("a machine is a station, a receiver or a monitor")
    if kind == Kind.PERSON and roles & MACHINE_ROLES:
        raise RolesClash("stations, receivers and monitors are machines")
    if len(roles) > 1 and roles & ALONE:
        raise RolesClash(f"{', '.join(sorted(roles & ALONE))}: held alone or not at all")
