"""Recall everything that happened to a page: its versions, what was said of them, and every rescan order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.models import GivenVerdict, InspectedPage, PageCheck, RescanOrder
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class History:
    """A page and its past, oldest first."""

    page: InspectedPage
    versions: Sequence[PageCheck]
    verdicts: Sequence[GivenVerdict]
    rescans: Sequence[RescanOrder]


async def history_of(session: AsyncSession, page_id: UUID) -> History:
    """Give the history of a page. Raises NotFound."""
    page = await session.get(InspectedPage, page_id)
    if page is None:
        raise NotFound("no page has this id")
    versions = select(PageCheck).where(PageCheck.page_id == page_id).order_by(col(PageCheck.version))
    verdicts = select(GivenVerdict).where(GivenVerdict.page_id == page_id).order_by(col(GivenVerdict.at))
    rescans = select(RescanOrder).where(RescanOrder.page_id == page_id).order_by(col(RescanOrder.id))
    return History(
        page,
        (await session.exec(versions)).all(),
        (await session.exec(verdicts)).all(),
        (await session.exec(rescans)).all(),
    )
