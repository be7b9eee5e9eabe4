"""Corrections: a rejected package is replaced by one that names it, or somebody explains why it is not."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.handover.domain.state import ANSWERS
from services.handover.models import Correction, Package
from shared.clock import now
from shared.uow import UnitOfWork


def ask_for_correction(uow: UnitOfWork, package: Package) -> None:
    """Open the correction of a package that was rejected just now."""
    made = Correction(
        package_id=package.id, delivery_id=package.delivery_id, dossier_id=package.dossier_id, objid=package.objid
    )
    uow.session.add(made)
    uow.record("correction.opened", made.id, package=package.id, objid=package.objid)


async def open_corrections(uow: UnitOfWork, dossier_ids: Iterable[UUID]) -> dict[tuple[UUID, bool], Correction]:
    """Give the newest corrections that wait for a package to replace the rejected one.

    By dossier and whether that package was one beside another: what stands for a dossier is replaced by what does,
    whichever form was agreed by then.
    """
    asked = (
        select(Correction, col(Package.sibling_of).is_not(None))
        .join(Package, col(Package.id) == col(Correction.package_id))
        .where(col(Correction.dossier_id).in_(list(dossier_ids)), col(Correction.settled_at).is_(None))
        .order_by(col(Correction.id))
        .with_for_update(of=Correction)
    )
    return {(each.dossier_id, is_sibling): each for each, is_sibling in (await uow.session.exec(asked)).all()}


async def answered_before(uow: UnitOfWork, dossier_ids: Iterable[UUID]) -> dict[tuple[UUID, bool], str]:
    """Give the newest package that was answered for, by dossier and whether it was one beside another.

    A dossier is delivered anew when one of its packages was rejected; the other one, though it was accepted, comes with
    it once more and follows on what the receiver has.
    """
    asked = (
        select(col(Package.dossier_id), col(Package.sibling_of).is_not(None), col(Package.objid))
        .where(col(Package.dossier_id).in_(list(dossier_ids)), col(Package.state).in_(ANSWERS))
        .order_by(col(Package.id))
    )
    return {(dossier_id, is_sibling): objid for dossier_id, is_sibling, objid in await uow.session.exec(asked)}


async def settle_corrections(uow: UnitOfWork, package_id: UUID) -> None:
    """Settle what a package that was accepted just now replaces, and what that was to replace in its turn."""
    replaced: UUID | None = package_id
    while replaced is not None:
        asked = select(Correction).where(Correction.successor_id == replaced, col(Correction.settled_at).is_(None))
        found = (await uow.session.exec(asked.with_for_update())).first()
        if found is not None:
            found.settled_at = now()
        replaced = found.package_id if found else None


async def give_up_successor(uow: UnitOfWork, package_id: UUID) -> None:
    """Let a correction wait again whose new package was withdrawn."""
    of_package = col(Correction.successor_id) == package_id
    freed = update(Correction).where(of_package, col(Correction.settled_at).is_(None)).values(successor_id=None)
    await uow.session.exec(freed.execution_options(synchronize_session=False))
