"""Remember which versions of pages an inspector has seen: only what was seen may be accepted many at once."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.models import PageSeen
from shared.yielding import insert_into


async def note_seen(session: AsyncSession, account: UUID, pages: Iterable[tuple[UUID, int]]) -> None:
    """Write down that an account has seen versions of pages; what is known already is passed over.

    An insert that yields, because the same page may be handed out and its picture fetched at once.
    """
    rows = [{"account_id": account, "page_id": page, "version": version} for page, version in pages]
    if rows:
        await session.exec(insert_into(session, PageSeen).values(rows).on_conflict_do_nothing())


async def has_seen(session: AsyncSession, account: UUID, page: UUID, version: int) -> bool:
    """Say whether an account has seen a version of a page."""
    return await session.get(PageSeen, (account, page, version)) is not None
