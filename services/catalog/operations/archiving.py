"""Archive dossiers, series and empty lists instead of deleting them, and bring them back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.catalog.domain.archiving import ArchivingState, Kind, demand_archivable_list, demand_other_person
from services.catalog.errors import ArchivingRefused, ArchivingUnasked
from services.catalog.models import Dossier, Series
from services.catalog.models.archivings import Archiving
from services.catalog.models.lists import SelectionList
from services.catalog.operations.choosing import author
from services.catalog.operations.holding import held_dossier, held_list
from services.catalog.operations.indexing import index_dossiers
from shared.clock import now
from shared.errors import NotFound
from shared.uow import UnitOfWork

Archivable = Dossier | Series | SelectionList


async def ask_archiving(uow: UnitOfWork, kind: Kind, subject_id: UUID, reason: str) -> Archiving:
    """Ask for something to be archived; asked already, it is the same answer. Raises NotFound, ArchivingRefused."""
    row = await held(uow, kind, subject_id)
    await demand_archivable(uow, row)
    known = await newest(uow, kind, subject_id)
    if known is not None and known.state == ArchivingState.ASKED:
        return known
    made = Archiving(kind=kind, subject_id=subject_id, reason=reason, asked_by=uow.caller.name, asked_by_id=author(uow))
    uow.session.add(made)
    uow.record(f"{kind}.archiving_asked", subject_id, reason=reason)
    return made


async def confirm_archiving(uow: UnitOfWork, kind: Kind, subject_id: UUID) -> Archiving:
    """Archive what another person asked for. Raises NotFound, ArchivingUnasked, OwnArchiving, ArchivingRefused."""
    row = await held(uow, kind, subject_id)
    asked = await newest(uow, kind, subject_id)
    if asked is None or asked.state != ArchivingState.ASKED:
        raise ArchivingUnasked
    demand_other_person(asked.asked_by_id, author(uow))
    await demand_archivable(uow, row)
    asked.state, asked.confirmed_by, asked.confirmed_at = ArchivingState.ARCHIVED, uow.caller.name, now()
    await mark(uow, row, asked.confirmed_at)
    uow.record(f"{kind}.archived", subject_id, reason=asked.reason)
    return asked


async def recover(uow: UnitOfWork, kind: Kind, subject_id: UUID, reason: str) -> Archiving:
    """Bring back what was archived, or take the asking back. Raises NotFound, ArchivingUnasked."""
    row = await held(uow, kind, subject_id)
    found = await newest(uow, kind, subject_id)
    if found is None or found.state == ArchivingState.RECOVERED:
        raise ArchivingUnasked
    found.state, found.recovered_by, found.recovered_at = ArchivingState.RECOVERED, uow.caller.name, now()
    found.recovery_reason = reason
    await mark(uow, row, None)
    uow.record(f"{kind}.recovered", subject_id, reason=reason)
    return found


async def mark(uow: UnitOfWork, row: Archivable, at: datetime | None) -> None:
    """Take something out of lists and searches, or put it back."""
    row.archived_at = at
    if isinstance(row, Dossier):
        await index_dossiers(uow, [row.id])


async def held(uow: UnitOfWork, kind: Kind, subject_id: UUID) -> Archivable:
    """Give what is to be archived, held for changing. Raises NotFound."""
    if kind == Kind.LIST:
        return await held_list(uow, subject_id)
    if kind == Kind.DOSSIER:
        return await held_dossier(uow, subject_id)
    series = await uow.session.get(Series, subject_id, with_for_update=True)
    if series is None:
        raise NotFound("no series has this id")
    return series


async def demand_archivable(uow: UnitOfWork, row: Archivable) -> None:
    """Raise ArchivingRefused with the reason unless nothing depends on something any more."""
    if row.archived_at is not None:
        raise ArchivingRefused("archived", reason="archived")
    if isinstance(row, Dossier):
        if row.list_id is not None:
            raise ArchivingRefused("on_list", reason="on_list")
        return
    count = select(func.count()).select_from(Dossier)
    if isinstance(row, SelectionList):
        there = (await uow.session.exec(count.where(col(Dossier.list_id) == row.id))).one()
        demand_archivable_list(row.state, row.replaces_id, there)
        return
    within = (Dossier.fonds_id == row.fonds_id, Dossier.series_code == row.code, col(Dossier.archived_at).is_(None))
    if (await uow.session.exec(count.where(*within))).one():
        raise ArchivingRefused("series_not_empty", reason="series_not_empty")


async def newest(uow: UnitOfWork, kind: Kind, subject_id: UUID) -> Archiving | None:
    """Give the newest archiving of something."""
    asked = select(Archiving).where(Archiving.kind == kind, Archiving.subject_id == subject_id)
    return (await uow.session.exec(asked.order_by(col(Archiving.id).desc()).limit(1))).first()
