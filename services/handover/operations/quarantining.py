"""Heed that a preserved package is good in no store: what is made of it is not served until it is good again.

A dossier has one package of masters and an AIP for each description of it; damage in one keeps back only what names it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.errors import DossierQuarantined
from services.handover.models import Package, PreservedDossier, Quarantine
from shared.eark.manifest import BESIDE
from shared.eark.names import folder_name
from shared.uow import UnitOfWork

Made = TypeVar("Made", Package, PreservedDossier)


async def heed(uow: UnitOfWork, dossier_id: UUID, objid: str, heard_at: datetime, *, is_quarantined: bool) -> None:
    """Enter the latest word on a package, however the words arrive."""
    known = await uow.session.get(Quarantine, objid)
    if known is None or known.heard_at < heard_at:
        told = Quarantine(objid=objid, dossier_id=dossier_id, is_quarantined=is_quarantined, heard_at=heard_at)
        await uow.session.merge(told)


async def damaged(session: AsyncSession, made: Iterable[Made]) -> list[Made]:
    """Give those whose masters, or the AIP of which they are, are good in no store; few packages ever are that."""
    lost: dict[UUID, set[str]] = defaultdict(set)
    for row in (await session.exec(select(Quarantine).where(col(Quarantine.is_quarantined).is_(True)))).all():
        lost[row.dossier_id].add(row.objid)
    return [
        each for each in made if each.dossier_id in lost and any(is_made_of(each, it) for it in lost[each.dossier_id])
    ]


def is_made_of(made: Package | PreservedDossier, objid: str) -> bool:
    """Say whether a preserved package is one of those that a dossier or a package depends on.

    The manifest is called after the AIP that it lies beside. What does not say of what it is depends on all.
    """
    if not made.manifest_key:
        return True
    aip = made.manifest_key.rpartition("/")[2].removesuffix(BESIDE)
    return objid == made.masters_objid or folder_name(objid) == aip


async def demand_sound(session: AsyncSession, packages: Iterable[Package]) -> None:
    """Let pass only what is good in some store. Raises DossierQuarantined."""
    found = await damaged(session, packages)
    if found:
        raise DossierQuarantined(dossiers=sorted({str(each.dossier_id) for each in found}))
