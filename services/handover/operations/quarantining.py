"""Heed that a preserved package is good in no store: nothing of its dossier is served until it is good again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.handover.errors import DossierQuarantined
from services.handover.models import Quarantine
from shared.uow import UnitOfWork


async def heed(uow: UnitOfWork, dossier_id: UUID, objid: str, heard_at: datetime, *, is_quarantined: bool) -> None:
    """Enter the latest word on a package, however the words arrive."""
    known = await uow.session.get(Quarantine, objid)
    if known is None or known.heard_at < heard_at:
        told = Quarantine(objid=objid, dossier_id=dossier_id, is_quarantined=is_quarantined, heard_at=heard_at)
        await uow.session.merge(told)


def quarantined() -> SelectOfScalar[UUID]:
    """Ask for the dossiers that must not be served."""
    return select(Quarantine.dossier_id).where(col(Quarantine.is_quarantined).is_(True))


async def demand_sound(session: AsyncSession, dossier_ids: Iterable[UUID]) -> None:
    """Let pass only what is good in some store. Raises DossierQuarantined."""
    found = (await session.exec(quarantined().where(col(Quarantine.dossier_id).in_(list(dossier_ids))))).all()
    if found:
        raise DossierQuarantined(dossiers=sorted({str(each) for each in found}))
