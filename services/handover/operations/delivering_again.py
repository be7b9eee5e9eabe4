"""Which dossiers are delivered again, and only by name: those that were revised after their package was accepted, and
those of which somebody explained why not.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col, select

from services.handover.domain.state import PackageState
from services.handover.models import Correction, Package, PreservedDossier
from services.handover.operations.correcting import open_corrections
from shared.uow import UnitOfWork

FACTS = {"file_code", "title", "masters_objid", "manifest_key", "manifest_sha256", "a4_equivalents"}


def is_outdated() -> ColumnElement[bool]:
    """Say of a preserved dossier whether the package that stands for it was accepted and tells an older description."""
    accepted = select(Package.id).where(
        col(Package.id) == col(PreservedDossier.package_id),
        Package.state == PackageState.ACCEPTED,
        col(Package.dossier_version) < col(PreservedDossier.version),
    )
    return exists(accepted.correlate(PreservedDossier))


def gathered(dossier: PreservedDossier) -> dict[str, Any]:
    """Give what a package keeps of its dossier as it is now."""
    return {**dossier.model_dump(include=FACTS), "dossier_version": dossier.version}


def is_explained() -> ColumnElement[bool]:
    """Say of a preserved dossier whether it waits no more because somebody explained why it is not delivered again.

    What was explained lies in its place, or came after what does; ids grow with time.
    """
    whole = func.coalesce(Package.sibling_of, Package.id)
    explained = (
        select(Correction.id)
        .join(Package, col(Package.id) == col(Correction.package_id))
        .where(col(Correction.dossier_id) == col(PreservedDossier.dossier_id), Correction.explanation != "")
        .where(whole >= col(PreservedDossier.package_id))
    )
    return exists(explained.correlate(PreservedDossier))


async def standing_for(uow: UnitOfWork, dossier_id: UUID) -> UUID | None:
    """Give the package that stands for a dossier which is in no open delivery; None where it waits for one.

    That is the newest that was accepted, else the newest of which somebody explained why none takes its place.
    """
    if await open_corrections(uow, [dossier_id]):
        return None
    accepted = (
        select(Package.id)
        .where(Package.dossier_id == dossier_id, Package.state == PackageState.ACCEPTED)
        .where(col(Package.sibling_of).is_(None))
    )
    found = (await uow.session.exec(accepted.order_by(col(Package.id).desc()))).first()
    if found is not None:
        return found
    explained = (
        select(func.coalesce(Package.sibling_of, Package.id))
        .join(Correction, col(Correction.package_id) == col(Package.id))
        .where(col(Correction.dossier_id) == dossier_id, col(Correction.explanation) != "")
    )
    return (await uow.session.exec(explained.order_by(col(Package.id).desc()))).first()
