"""Who described the dossiers of a list: known by the versions that acts began, by the audit, by imports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.catalog.models import Dossier, DossierPast
from services.catalog.models.imports import WorkbookImport
from services.catalog.models.lists import SelectionList
from shared.uow import UnitOfWork

MADE = 1  # the version that nothing went before


async def has_described(uow: UnitOfWork, selection: SelectionList) -> bool:
    """Say whether the caller made the newest version of a dossier of a list, or any since the list was begun."""
    session, name = uow.session, uow.caller.name
    since = selection.created_at
    audit = uow.plumbing.audit
    held = Dossier.list_id == selection.id
    changed = (
        select(Dossier.id)
        .join(DossierPast, col(DossierPast.dossier_id) == Dossier.id)
        .where(held, DossierPast.by == name)
        .where(or_(col(DossierPast.version) == col(Dossier.version) - 1, col(DossierPast.at) >= since))
    )
    created = (
        select(Dossier.id)
        .join(audit, col(audit.subject_id) == Dossier.id)
        .where(held, audit.act == "dossier.created", audit.actor == name)
        .where(or_(col(Dossier.version) == MADE, col(audit.at) >= since))
    )
    for asked in (changed, created):
        if (await session.exec(asked.limit(1))).first() is not None:
            return True
    for first, last in await imports_of(uow, selection.fonds_id):
        between = col(Dossier.id) >= id_at(first), col(Dossier.id) < id_at(last + timedelta(milliseconds=1))
        imported = select(Dossier.id).where(held, *between)
        if first < since:
            imported = imported.where(Dossier.version == MADE)
        if (await session.exec(imported.limit(1))).first() is not None:
            return True
    return False


async def imports_of(uow: UnitOfWork, fonds_id: UUID) -> Sequence[tuple[datetime, datetime]]:
    """Give from when until when the caller's imports added dossiers to a fonds: their ids tell that time."""
    audit = uow.plumbing.audit
    asked = (
        select(WorkbookImport.at, audit.at)
        .join(audit, col(audit.subject_id) == WorkbookImport.id)
        .where(audit.act == "workbook.imported", WorkbookImport.fonds_id == fonds_id)
        .where(WorkbookImport.by == uow.caller.name, WorkbookImport.created > 0)
    )
    return (await uow.session.exec(asked)).all()


def id_at(moment: datetime) -> UUID:
    """Give the lowest id that can have been made in a millisecond (RFC 9562 §5.7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
