"""What was changed of something, as every history tells it: who, when, how it was before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.models.agencies import Past
from services.catalog.models.holdings import HoldingPast
from shared.paging import Portion
from shared.wire import Listing, Out


class ActOut(Out):
    """An act: how what it changed was in `version`, which the act ended (`content`), and how it was from then on.

    `after` is null for acts from before that was kept.
    """

    version: int
    act: str
    at: datetime
    by: str
    content: dict[str, Any]
    after: dict[str, Any] | None


async def history_of(
    session: AsyncSession, portion: Portion, subject_id: UUID, past: type[Past] | type[HoldingPast] = Past
) -> Listing[ActOut]:
    """List the acts on something, newest first."""
    asked = select(past).where(past.subject_id == subject_id)
    rows, more = await portion.of(session, asked, past.version, is_newest_first=True)
    return Listing(items=[ActOut.model_validate(row) for row in rows], next=more)
