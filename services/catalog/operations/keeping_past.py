"""What was before an act and after it, kept with who did it and when; and the version that a change has to name."""

from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import SQLModel

from services.catalog.domain.agency_errors import ChangedMeanwhile
from services.catalog.models.agencies import Past
from shared.uow import UnitOfWork


class Versioned(Protocol):
    """A row whose changes are counted."""

    id: UUID
    version: int


def demand_seen(row: Versioned, expected: int) -> None:
    """Raise ChangedMeanwhile unless a row is as the caller saw it."""
    if row.version != expected:
        raise ChangedMeanwhile(f"its version is {row.version} by now", version=row.version)


def keep_past(uow: UnitOfWork, row: Versioned, act: str, **content: Any) -> Past:  # noqa: ANN401 (rows and lists of rows)
    """Keep how something is before an act changes it; the act makes its next version, and says what became of it."""
    told = {name: plain(value) for name, value in content.items()}
    kept = Past(subject_id=row.id, version=row.version, act=act, content=told, by=uow.caller.name)
    uow.session.add(kept)
    row.version += 1
    return kept


def keep_after(kept: Past, **content: Any) -> None:  # noqa: ANN401 (rows and lists of rows)
    """Keep how something is once an act has changed it."""
    kept.after = {name: plain(value) for name, value in content.items()}


def plain(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    """Give rows and values as JSON knows them."""
    if isinstance(value, SQLModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return str(value) if isinstance(value, date | UUID) else value
