"""Deliver a dossier again that was revised after its package was accepted: the new package names the old one."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select

from services.handover.domain.state import PackageState
from services.handover.models import Package, PreservedDossier
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


async def replaced_by(uow: UnitOfWork, package: Package) -> UUID | None:
    """Give the accepted package whose place another was to take; None where there is none, or it was rejected."""
    asked = select(Package.id).where(Package.objid == package.predecessor, Package.state == PackageState.ACCEPTED)
    return (await uow.session.exec(asked)).first() if package.predecessor else None
