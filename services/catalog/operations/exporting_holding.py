"""Write what is told of a fonds, or of its series, as the workbook that is imported; and count what a fonds has."""

import asyncio
from typing import IO, Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.columns import FONDS, SERIES
from services.catalog.domain.holding import OF_FONDS
from services.catalog.domain.telling import holding_cells
from services.catalog.files.template import LevelBook
from services.catalog.models import Dossier, Fonds, Series
from services.catalog.operations.correcting import told_of
from shared.database import Database

COUNTS = ("document_count", "sheet_count", "page_count")


async def export_holding(database: Database, fonds: Fonds, level: str, file: IO[bytes]) -> None:
    """Write one fonds, or those of its series that nobody archived."""
    if level == "fonds":
        columns, rows = FONDS, [holding_cells(FONDS, told_of(fonds, OF_FONDS))]
    else:
        columns = SERIES
        asked = select(Series).where(Series.fonds_id == fonds.id, col(Series.archived_at).is_(None))
        async with database.reading() as session:
            found = (await session.exec(asked.order_by(col(Series.code)))).all()
        told = [{"code": fonds.code, "series_code": each.code, "title": each.title} for each in found]
        rows = [holding_cells(SERIES, each) for each in told]
    book = LevelBook(columns)
    await asyncio.to_thread(book.add, rows)
    await asyncio.to_thread(book.save, file)


async def counts_of(session: AsyncSession, fonds_id: UUID) -> dict[str, int]:
    """Count what the dossiers of a fonds that nobody archived are said to hold."""
    counted = [func.coalesce(func.sum(getattr(Dossier, name)), 0) for name in COUNTS]
    asked = select(func.count(), *counted).where(Dossier.fonds_id == fonds_id, col(Dossier.archived_at).is_(None))
    found: Any = (await session.exec(asked)).one()
    return dict(zip(("dossier_count", *COUNTS), map(int, found), strict=True))
