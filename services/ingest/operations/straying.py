"""Strays: objects in the incoming store that no row names, because the request that brought them never came back.

A page is stored first and entered in the database afterwards, so every page is a stray for a moment, and a request may
find a stray and enter it. Therefore a stray goes only when it was seen days ago, and never while a page of its dossier
is being entered: both hold the dossier's row, and who enters what it found looks again whether it is still there.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.domain.incoming_key import Kind, Owner
from services.ingest.domain.revision import RevisionState
from services.ingest.domain.state import DossierState
from services.ingest.models import Master, ScanOrder
from services.ingest.revision_models import Revision
from services.ingest.swept import Reason
from services.ingest.upload_models import Stray, UploadPart
from shared.uow import Caller

PORTION = 500


async def sweep_strays(context: Context, moment: datetime) -> int:
    """Drop strays that were seen long enough ago, note new ones, forget those that are none any more."""
    strays = await find_strays(context)
    async with context.database.writing(Caller("ingest")) as uow:
        known = {stray.key: stray.seen_at for stray in await uow.session.exec(select(Stray))}
        due = [key for key in strays if key in known and known[key] <= moment - context.keep_strays]
        for key in known.keys() - strays.keys():
            await uow.session.exec(delete(Stray).where(col(Stray.key) == key))
        # Those that are due count as seen now: should we be killed when an object is gone and its row is not, what is
        # stored under its key anew has all its time.
        for key in (strays.keys() - known.keys()).union(due):
            await uow.session.merge(Stray(key=key, seen_at=moment))
    dropped = 0
    for key in due:
        if await drop_unnamed(context, key, seen_at=moment):
            context.swept.add(Reason.STRAY, strays[key])
            dropped += 1
    return dropped


async def find_strays(context: Context) -> dict[str, int]:
    """Give the key and size of everything in the incoming store that no row names now."""
    strays: dict[str, int] = {}
    portion: dict[str, int] = {}

    async def look() -> None:
        async with context.database.reading() as session:
            strays.update({key: portion[key] for key in await unnamed_among(session, list(portion))})
        portion.clear()

    async for found in context.incoming.keys():
        portion[found.key] = found.size
        if len(portion) == PORTION:
            await look()
    await look()
    return strays


async def unnamed_among(session: AsyncSession, keys: Sequence[str]) -> list[str]:
    """Give those of some keys that ingest wrote and no row names.

    Pages of dossiers that this database has never heard of, and keys of another shape, are somebody else's.
    """
    owners = {key: owner for key in keys if (owner := Owner.of(key))}
    ids = {owner.id for owner in owners.values()}
    orders = await session.exec(select(ScanOrder.dossier_id, ScanOrder.state).where(col(ScanOrder.dossier_id).in_(ids)))
    states = dict(orders.all())
    revising = select(Revision.dossier_id).where(col(Revision.dossier_id).in_(ids))
    revised = set(await session.exec(revising.where(Revision.state == RevisionState.ORDERED)))
    named = set((await session.exec(select(Master.key).where(col(Master.key).in_(owners)))).all())
    named |= set((await session.exec(select(UploadPart.key).where(col(UploadPart.upload_id).in_(ids)))).all())

    def is_stray(key: str, owner: Owner) -> bool:
        if owner.kind == Kind.DRAFT:  # a sealing that is not through may need it, and so may a revision
            return states.get(owner.id) == DossierState.PRESERVED and owner.id not in revised
        return key not in named and (owner.kind == Kind.PART or owner.id in states)

    return [key for key, owner in owners.items() if is_stray(key, owner)]


async def drop_unnamed(context: Context, key: str, *, seen_at: datetime | None = None) -> bool:
    """Delete an object unless a row names it or, where a time is given, it is not a stray of that time any more.

    The dossier's row is held until the object is gone, so that nobody enters it meanwhile.
    """
    owner = Owner.of(key)
    if owner is None:
        return False
    async with context.database.writing(Caller("ingest")) as uow:
        await uow.session.get(ScanOrder, owner.id, with_for_update=True)
        stray = await uow.session.get(Stray, key)
        is_other = seen_at is not None and (stray is None or stray.seen_at != seen_at)
        if is_other or not await unnamed_among(uow.session, [key]):
            return False
        await context.incoming.delete(key)
        if stray is not None:
            await uow.session.delete(stray)
            uow.record("stray.dropped", owner.id, key=key)
    return True
