"""How long an inspector has a page or a whole scope alone, and who may speak of a page meanwhile."""

from datetime import datetime, timedelta
from uuid import UUID

HOLD = timedelta(minutes=10)  # of pages handed out; taking more renews it
LOCK = timedelta(minutes=30)  # of a dossier or a lot


def is_held_by_another(held_by: UUID | None, held_until: datetime | None, account: UUID, moment: datetime) -> bool:
    """Say whether somebody else has a page on the desk; a hold that ran out holds nothing."""
    return held_by not in (None, account) and held_until is not None and held_until > moment


def is_held_by(held_by: UUID | None, held_until: datetime | None, account: UUID, moment: datetime) -> bool:
    """Say whether somebody has a page on the desk."""
    return held_by == account and held_until is not None and held_until > moment
