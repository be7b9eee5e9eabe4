"""Archiving instead of deleting: asked by one person, confirmed by another, and undone."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import select

from services.catalog.api.shapes import Words
from services.catalog.domain.archiving import ArchivingState, Kind
from services.catalog.models.archivings import Archiving
from services.catalog.operations.archiving import ask_archiving, confirm_archiving, recover
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Listing, Out

router: APIRouter = guarded_router()


class WhyIn(In):
    """Why something is archived, or brought back."""

    reason: Words


class ArchivingOut(Out):
    """What was asked to be archived and why, who confirmed it, and who brought it back."""

    id: UUID
    kind: Kind
    subject_id: UUID
    state: ArchivingState
    reason: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    recovered_by: str
    recovered_at: datetime | None
    recovery_reason: str


@router.get("/archivings")
async def list_archivings(
    session: Reading, portion: Asked, state: ArchivingState | None = None
) -> Listing[ArchivingOut]:
    """List what was asked to be archived, oldest first."""
    asked = select(Archiving)
    if state:
        asked = asked.where(Archiving.state == state)
    rows, more = await portion.of(session, asked, Archiving.id)
    return Listing(items=[ArchivingOut.model_validate(row) for row in rows], next=more)


@router.post("/dossiers/{dossier_id}/archiving")
async def archive_dossier(dossier_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Ask for a dossier that is on no list to be archived."""
    return await shown(uow, await ask_archiving(uow, Kind.DOSSIER, dossier_id, body.reason))


@router.post("/dossiers/{dossier_id}/archiving/confirmation")
async def confirm_dossier_archiving(dossier_id: UUID, uow: Uow) -> ArchivingOut:
    """Archive a dossier as another person asked."""
    return await shown(uow, await confirm_archiving(uow, Kind.DOSSIER, dossier_id))


@router.post("/dossiers/{dossier_id}/recovery")
async def recover_dossier(dossier_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Bring an archived dossier back, or take the asking back."""
    return await shown(uow, await recover(uow, Kind.DOSSIER, dossier_id, body.reason))


@router.post("/series/{series_id}/archiving")
async def archive_series(series_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Ask for a series without dossiers to be archived."""
    return await shown(uow, await ask_archiving(uow, Kind.SERIES, series_id, body.reason))


@router.post("/series/{series_id}/archiving/confirmation")
async def confirm_series_archiving(series_id: UUID, uow: Uow) -> ArchivingOut:
    """Archive a series as another person asked."""
    return await shown(uow, await confirm_archiving(uow, Kind.SERIES, series_id))


@router.post("/series/{series_id}/recovery")
async def recover_series(series_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Bring an archived series back, or take the asking back."""
    return await shown(uow, await recover(uow, Kind.SERIES, series_id, body.reason))


@router.post("/lists/{list_id}/archiving")
async def archive_list(list_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Ask for an empty draft of a list to be archived."""
    return await shown(uow, await ask_archiving(uow, Kind.LIST, list_id, body.reason))


@router.post("/lists/{list_id}/archiving/confirmation")
async def confirm_list_archiving(list_id: UUID, uow: Uow) -> ArchivingOut:
    """Archive a list as another person asked."""
    return await shown(uow, await confirm_archiving(uow, Kind.LIST, list_id))


@router.post("/lists/{list_id}/recovery")
async def recover_list(list_id: UUID, body: WhyIn, uow: Uow) -> ArchivingOut:
    """Bring an archived list back, or take the asking back."""
    return await shown(uow, await recover(uow, Kind.LIST, list_id, body.reason))


async def shown(uow: Uow, row: Archiving) -> ArchivingOut:
    """Show what was just asked, confirmed or undone."""
    await uow.session.flush()
    return ArchivingOut.model_validate(row)
