"""Heed that a dossier was withdrawn from its approved list: nothing of it is handed over until it is approved anew.

Versions count, not the order in which the words arrive.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.handover.errors import DossierWithdrawn
from services.handover.models import ListedDossier, Package
from shared.events.catalog import DossierApproved
from shared.events.catalog import DossierWithdrawn as Withdrawn
from shared.uow import UnitOfWork

AT_ONCE = 500


async def heed_approval(uow: UnitOfWork, event: DossierApproved) -> None:
    """Enter that a dossier is approved in this version."""
    listed = await listed_dossier(uow, event.dossier_id)
    listed.approved_version = max(listed.approved_version, event.version)


async def heed_withdrawal(uow: UnitOfWork, event: Withdrawn) -> None:
    """Enter that what was approved of a dossier up to this version holds no more."""
    listed = await listed_dossier(uow, event.dossier_id)
    if listed.withdrawn_version < event.version:
        listed.withdrawn_version, listed.withdrawn_at = event.version, event.occurred_at
        listed.reason = event.reason
        uow.record("dossier.withdrawn", event.dossier_id, version=event.version, reason=event.reason)


async def listed_dossier(uow: UnitOfWork, dossier_id: UUID) -> ListedDossier:
    """Give what is known of a dossier's place on a list, a new row where nothing is."""
    found = await uow.session.get(ListedDossier, dossier_id, with_for_update=True)
    if found is None:
        found = ListedDossier(dossier_id=dossier_id)
        uow.session.add(found)
    return found


def unlisted() -> SelectOfScalar[UUID]:
    """Ask for the dossiers that were withdrawn and not approved anew since."""
    return select(ListedDossier.dossier_id).where(
        col(ListedDossier.withdrawn_version) > 0,
        col(ListedDossier.withdrawn_version) >= col(ListedDossier.approved_version),
    )


async def withdrawals_of(session: AsyncSession, dossier_ids: Iterable[UUID]) -> dict[UUID, ListedDossier]:
    """Give by dossier how those were withdrawn that are on no list now."""
    asked = select(ListedDossier).where(
        col(ListedDossier.dossier_id).in_(list(dossier_ids)), col(ListedDossier.dossier_id).in_(unlisted())
    )
    return {each.dossier_id: each for each in (await session.exec(asked)).all()}


async def demand_listed(session: AsyncSession, packages: Iterable[Package]) -> None:
    """Let pass what stands on an approved list, whatever was answered for it. Raises DossierWithdrawn.

    What was accepted before its withdrawal is with the receiver; a dossier that was found secret is not handed out
    again. By the dossiers that are asked for: every range that is served passes here, and nearly all have a row.
    """
    ids = sorted({each.dossier_id for each in packages})
    found: list[UUID] = []
    for begin in range(0, len(ids), AT_ONCE):
        some = unlisted().where(col(ListedDossier.dossier_id).in_(ids[begin : begin + AT_ONCE]))
        found += (await session.exec(some)).all()
    if found:
        raise DossierWithdrawn(dossiers=sorted(str(each) for each in found))
