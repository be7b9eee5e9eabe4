"""Write the dossiers or documents of a fonds as the workbook that is imported."""

import asyncio
from collections.abc import Sequence
from typing import IO
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.columns import DOCUMENTS, DOSSIERS
from services.catalog.domain.telling import document_cells, dossier_cells
from services.catalog.files.template import LevelBook
from services.catalog.models import CriterionMark, Document, Dossier
from services.catalog.operations.bulk import AT_ONCE
from services.catalog.operations.describing import description_of
from services.catalog.operations.itemising import line_of
from shared.database import Database


async def export(database: Database, fonds_id: UUID, level: str, file: IO[bytes]) -> None:
    """Write what a fonds has and nobody archived, in the order in which it was described, portion by portion."""
    columns, cells_of = (DOCUMENTS, cells_of_documents) if level == "documents" else (DOSSIERS, cells_of_dossiers)
    book = LevelBook(columns)
    last: UUID | None = None
    async with database.reading() as session:
        while True:
            asked = select(Dossier).where(Dossier.fonds_id == fonds_id, col(Dossier.archived_at).is_(None))
            asked = asked.order_by(col(Dossier.id)).limit(AT_ONCE)
            dossiers = (await session.exec(asked.where(col(Dossier.id) > last) if last else asked)).all()
            if not dossiers:
                break
            last = dossiers[-1].id
            await asyncio.to_thread(book.add, await cells_of(session, dossiers))
            session.expunge_all()
    await asyncio.to_thread(book.save, file)


async def cells_of_dossiers(session: AsyncSession, dossiers: Sequence[Dossier]) -> list[dict[str, object]]:
    """Give the rows of dossiers."""
    marks: dict[UUID, dict[str, str]] = {}
    asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_([each.id for each in dossiers]))
    for mark in await session.exec(asked.order_by(col(CriterionMark.criterion))):
        marks.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return [dossier_cells(DOSSIERS, description_of(each), marks.get(each.id, {}), each.version) for each in dossiers]


async def cells_of_documents(session: AsyncSession, dossiers: Sequence[Dossier]) -> list[dict[str, object]]:
    """Give the rows of the documents of dossiers."""
    of = {each.id: (each.file_code, each.version) for each in dossiers}
    asked = select(Document).where(col(Document.dossier_id).in_(of))
    rows = await session.exec(asked.order_by(col(Document.dossier_id), col(Document.number)))
    found = []
    for row in rows:
        file_code, version = of[row.dossier_id]
        found.append(document_cells(DOCUMENTS, file_code, line_of(row), version))
    return found
