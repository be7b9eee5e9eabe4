"""Nobody decides on a list of their own: whoever made, changed or submitted it leaves the decision to another."""

from collections.abc import Collection
from uuid import UUID

from services.catalog.errors import OwnList


def demand_other_person(decider: UUID, editors: Collection[UUID], submitter: UUID | None) -> None:
    """Raise OwnList when the decider had a hand in the list."""
    if decider in editors or decider == submitter:
        raise OwnList
