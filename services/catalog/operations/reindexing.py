"""Bring dossiers of before up to date in what they are found by: jobs, ordered by migrations.

0011 brought their documents in, 0016 the letters that look like đ, 0018 the lists that they were approved on before.

A few dossiers a transaction, so that nobody waits for it; until it is done, those dossiers are found by their own words
alone. Beginning anew comes to the same.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.catalog.context import Context
from services.catalog.models import Document, Dossier, DossierIndex
from services.catalog.models.lists import ListEntry
from services.catalog.operations.bulk import hold
from services.catalog.operations.indexing import index_dossiers
from shared.jobs import Progress
from shared.plumbing import JobColumns

REINDEX, REWORD, RELIST = "index_documents", "index_strokes", "index_entered"
UNFOLDED = tuple(f"u{ord(letter):x}" for letter in "ðɖ")  # as words were kept whose đ was none
AT_ONCE = 100


async def index_documents(context: Context, _job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `index_documents`."""
    done, last = 0, UUID(int=0)
    while ids := await next_itemised(context, last):
        async with context.database.writing() as uow:
            await hold(uow, ids)
            await index_dossiers(uow, ids)
        done, last = done + len(ids), ids[-1]
        await progress.tell(done, done)
    return {"dossiers": done}


async def next_itemised(context: Context, last: UUID) -> Sequence[UUID]:
    """Give the next dossiers that have documents, in order of their ids."""
    asked = select(Document.dossier_id).where(col(Document.dossier_id) > last).distinct()
    async with context.database.reading() as session:
        return (await session.exec(asked.order_by(col(Document.dossier_id)).limit(AT_ONCE))).all()


async def index_strokes(context: Context, _job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `index_strokes`."""
    alike = or_(*(col(DossierIndex.words).contains(word) for word in UNFOLDED))
    async with context.database.reading() as session:
        ids = sorted((await session.exec(select(DossierIndex.dossier_id).where(alike))).all())
    return await index_again(context, ids, progress)


async def index_entered(context: Context, _job: JobColumns, progress: Progress) -> dict[str, object]:
    """Do the job `index_entered`."""
    asked = select(ListEntry.dossier_id).join(Dossier, col(Dossier.id) == ListEntry.dossier_id)
    elsewhere = col(Dossier.list_id).is_distinct_from(col(ListEntry.list_id))
    async with context.database.reading() as session:
        ids = sorted((await session.exec(asked.where(elsewhere).distinct())).all())
    return await index_again(context, ids, progress)


async def index_again(context: Context, ids: Sequence[UUID], progress: Progress) -> dict[str, object]:
    """Write what dossiers are found by anew."""
    for begin in range(0, len(ids), AT_ONCE):
        async with context.database.writing() as uow:
            await hold(uow, ids[begin : begin + AT_ONCE])
            await index_dossiers(uow, ids[begin : begin + AT_ONCE])
        await progress.tell(min(begin + AT_ONCE, len(ids)), len(ids))
    return {"dossiers": len(ids)}
