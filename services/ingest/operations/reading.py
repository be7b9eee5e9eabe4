"""The reading forms of a dossier, as a sealing takes them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.reading_form import ReadingForm


async def reading_forms(_session: AsyncSession, _dossier_id: UUID) -> Sequence[ReadingForm]:
    """Give the finished reading forms of a dossier in order of document; none where nothing makes them."""
    return ()
