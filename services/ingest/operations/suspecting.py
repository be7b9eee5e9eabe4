"""Order the reading of dossiers in whose copies a command beside the system met damage, as if serving had met it."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.models import Copy, ScanOrder
from services.ingest.operations.rounds import SCRUB, order
from shared.database import Database
from shared.eark.manifest import BESIDE
from shared.eark.names import folder_name
from shared.uow import Caller


async def order_checks(database: Database, keys: Collection[str], met_by: str) -> list[str]:
    """Order that all copies of every dossier are read to which one of the objects belongs; gives their file codes.

    Whoever scrubs does it: the running system, or the next that is started. Objects that are of no dossier, such as
    registers, order nothing.
    """
    if not keys:
        return []
    async with database.reading() as session:
        suspected = await dossiers_of(session, keys)
    told: list[str] = []
    for dossier_id, first in sorted(suspected.items()):
        with suppress(IntegrityError):  # another ordered it at this very moment
            async with database.writing(Caller(met_by)) as uow:
                await order(uow, SCRUB, dossier_id)
                uow.record("dossier.scrub_ordered", dossier_id, met_by=met_by, key=first)
        async with database.reading() as session:
            told.append((await session.get_one(ScanOrder, dossier_id)).file_code)
    return told


async def dossiers_of(session: AsyncSession, keys: Collection[str]) -> dict[UUID, str]:
    """Give the dossiers that objects belong to, each with the first of its objects: a package's folder is its name."""
    folders: dict[str, str] = {}
    for key in sorted(keys, reverse=True):
        steps = key.split("/")
        if len(steps) > 1:
            folders[steps[1].removesuffix(BESIDE)] = key
    rows = await session.exec(select(col(Copy.objid), col(Copy.dossier_id)).distinct())
    return {dossier_id: folders[name] for objid, dossier_id in rows if (name := folder_name(objid)) in folders}
