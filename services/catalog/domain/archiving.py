"""Nothing is deleted: one person asks for something to be archived, with a reason, and another confirms it."""

from enum import StrEnum
from uuid import UUID

from services.catalog.domain.state import CHANGEABLE, ListState
from services.catalog.errors import ArchivingRefused, OwnArchiving


class Kind(StrEnum):
    """What can be archived."""

    DOSSIER = "dossier"
    SERIES = "series"
    LIST = "list"


class ArchivingState(StrEnum):
    """asked → archived → recovered; what is taken back before anybody confirms it is recovered too."""

    ASKED = "asked"
    ARCHIVED = "archived"
    RECOVERED = "recovered"


def demand_other_person(asker: UUID, confirmer: UUID) -> None:
    """Raise OwnArchiving when one person would do both."""
    if asker == confirmer:
        raise OwnArchiving


def demand_archivable_list(state: str, replaces_id: UUID | None, dossiers: int) -> None:
    """Raise ArchivingRefused unless a list is an empty first edition that nobody has decided on."""
    if ListState(state) not in CHANGEABLE or replaces_id is not None:
        raise ArchivingRefused("list_not_draft", reason="list_not_draft")
    if dossiers:
        raise ArchivingRefused("list_not_empty", reason="list_not_empty")
