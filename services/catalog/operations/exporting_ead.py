"""Write a fonds with its series and dossiers as a finding aid in EAD."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import IO
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.description import Description
from services.catalog.domain.holding import OF_FONDS
from services.catalog.files.ead_holding import Holding
from services.catalog.files.ead_writer import Form, finding_aid
from services.catalog.models import Dossier, Fonds, Series
from services.catalog.operations.bulk import AT_ONCE
from services.catalog.operations.describing import description_of
from services.catalog.operations.exporting_holding import counts_of
from shared.database import Database


async def export_ead(database: Database, fonds: Fonds, form: Form, file: IO[bytes]) -> None:
    """Write what a fonds has and nobody archived, series by series, portion by portion; what is in none comes last."""
    told = fonds.model_dump(include=set(OF_FONDS) - {"reserve"})  # for which EAD has no place
    async with database.reading() as session:
        holding = Holding(**told, counts=await counts_of(session, fonds.id))
        asked = select(Series).where(Series.fonds_id == fonds.id, col(Series.archived_at).is_(None))
        series = [(each.code, each.title) for each in await session.exec(asked.order_by(col(Series.code)))]
        is_empty = not series and not await portion_of(session, fonds.id, None, None)
        with finding_aid(file, form, holding, is_empty=is_empty) as aid:
            for code, title in series:
                with aid.series(code, title):
                    async for dossiers in dossiers_of(session, fonds.id, code):
                        await asyncio.to_thread(aid.add, dossiers)
            async for dossiers in dossiers_of(session, fonds.id, None):
                await asyncio.to_thread(aid.add, dossiers)


async def dossiers_of(session: AsyncSession, fonds_id: UUID, series: str | None) -> AsyncIterator[list[Description]]:
    """Give the dossiers of a series, or those in none, in the order in which they were described."""
    last: UUID | None = None
    while rows := await portion_of(session, fonds_id, series, last):
        last = rows[-1].id
        yield [description_of(row) for row in rows]
        session.expunge_all()


async def portion_of(session: AsyncSession, fonds_id: UUID, series: str | None, last: UUID | None) -> Sequence[Dossier]:
    """Give the next dossiers of a series."""
    asked = select(Dossier).where(
        Dossier.fonds_id == fonds_id, Dossier.series_code == series, col(Dossier.archived_at).is_(None)
    )
    asked = asked.where(col(Dossier.id) > last) if last else asked
    return (await session.exec(asked.order_by(col(Dossier.id)).limit(AT_ONCE))).all()
