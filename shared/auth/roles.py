"""The roles that accounts have, and the groups of them that the table of permissions speaks of."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for; an account may have several."""

    ARCHIVIST = "archivist"
    APPRAISER = "appraiser"
    APPROVER = "approver"
    OPERATOR = "operator"
    INSPECTOR = "inspector"
    HANDOVER_OFFICER = "handover_officer"
    AGENCY = "agency"
    AUDITOR = "auditor"
    ADMIN = "admin"
    STATION = "station"
    RECEIVER = "receiver"
    MONITOR = "monitor"


ANYONE: frozenset[Role] | None = None
EVERYONE = frozenset(Role)
PEOPLE = EVERYONE - {Role.STATION, Role.RECEIVER, Role.MONITOR, Role.AGENCY}
READERS = PEOPLE - {Role.ADMIN}
DESCRIBERS = frozenset({Role.ARCHIVIST})
SCANNERS = frozenset({Role.STATION, Role.OPERATOR})
INSPECTORS = frozenset({Role.INSPECTOR})
LOT_JUDGES = frozenset({Role.INSPECTOR, Role.APPROVER})
LIMIT_KEEPERS = frozenset({Role.INSPECTOR, Role.APPROVER, Role.AUDITOR, Role.ADMIN})
OFFICERS = frozenset({Role.HANDOVER_OFFICER})
AGREEING = OFFICERS | {Role.APPROVER}
WORKERS = PEOPLE - {Role.ADMIN, Role.AUDITOR}  # whoever may write anything at the centre
ANSWERING = frozenset({Role.ARCHIVIST, Role.APPRAISER, Role.APPROVER})
ADMINS = frozenset({Role.ADMIN})
