"""The rows of an import as they were kept, read again."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import cast

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.columns import LEVELS
from services.catalog.domain.import_errors import UploadGone
from services.catalog.domain.recognising import Typed
from services.catalog.domain.workbook_row import ReadRow, read_row
from services.catalog.files.packing import Kept, unpacked
from services.catalog.models.imports import ImportPortion, WorkbookImport
from shared.database import Database


async def rows_of(database: Database, asked: WorkbookImport) -> AsyncIterator[Sequence[ReadRow]]:
    """Give the rows of an import in portions; those of documents all at once: a dossier's may stand anywhere."""
    waiting: list[ReadRow] = []
    async for lines in lines_of(database, asked, start=1):
        rows = await asyncio.to_thread(read_rows, asked, lines)
        if asked.level == "documents":
            waiting += rows
        else:
            yield rows
    if waiting:
        yield waiting


async def rows_in(session: AsyncSession, asked: WorkbookImport, portion: int) -> Sequence[ReadRow]:
    """Give the rows of one portion. Raises UploadGone."""
    chosen = select(ImportPortion.content).where(ImportPortion.import_id == asked.id, ImportPortion.place == portion)
    content = (await session.exec(chosen)).first()
    if content is None:
        raise UploadGone
    return await asyncio.to_thread(lambda: read_rows(asked, unpacked(content)))


async def lines_of(database: Database, asked: WorkbookImport, *, start: int = 0) -> AsyncIterator[Sequence[Kept]]:
    """Give the lines of an import in portions, from portion `start` on; 0 is what names the fields."""
    place = start
    while True:
        async with database.reading() as session:
            chosen = select(ImportPortion.content).where(
                ImportPortion.import_id == asked.id, col(ImportPortion.place) == place
            )
            content = (await session.exec(chosen)).first()
        if content is None:
            return
        yield await asyncio.to_thread(unpacked, content)
        place += 1


def read_rows(asked: WorkbookImport, lines: Sequence[Kept]) -> list[ReadRow]:
    """Read the cells of lines."""
    columns = next(each for each in LEVELS if each.level == asked.level)
    names = {int(place): name for place, name in asked.columns.items()}
    typed = cast("Typed", asked.encoding)
    return [read_row(line.number, columns, line.told(names, asked.constants), typed) for line in lines]


async def contents_of(session: AsyncSession, asked: WorkbookImport) -> Sequence[bytes]:
    """Give all lines of an import as they are kept. Raises UploadGone."""
    chosen = select(ImportPortion.content).where(ImportPortion.import_id == asked.id)
    contents = (await session.exec(chosen.order_by(col(ImportPortion.place)))).all()
    if not contents:
        raise UploadGone
    return contents
