"""Take in what the others report: dossiers, pages to look at, closings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, or_, update
from sqlmodel import col, select

from services.qc.domain.inspection import DossierState
from services.qc.models import InspectedDossier, InspectedPage, PageCheck, RescanOrder
from services.qc.operations.comparing import compare_when_ready
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.ingest import DossierScanned, MasterStored, RescanClosed
from shared.uow import UnitOfWork

CHECK = "check_page"


async def dossier_row(uow: UnitOfWork, dossier_id: UUID) -> InspectedDossier:
    """Give the row of a dossier, made at the first word of it."""
    row = await uow.session.get(InspectedDossier, dossier_id, with_for_update=True)
    if row is None:
        row = InspectedDossier(dossier_id=dossier_id)
        uow.session.add(row)
    return row


async def note_descriptions(uow: UnitOfWork, approvals: Sequence[DossierApproved]) -> None:
    """Remember how dossiers are called; the newest description counts."""
    ids = {approved.dossier_id for approved in approvals}
    asked = select(InspectedDossier).where(col(InspectedDossier.dossier_id).in_(ids))
    held = await uow.session.exec(asked.order_by(col(InspectedDossier.dossier_id)).with_for_update())
    rows = {row.dossier_id: row for row in held}
    fresh: dict[UUID, dict[str, Any]] = {}
    for approved in sorted(approvals, key=lambda each: each.version):
        row = rows.get(approved.dossier_id)
        if row is None:
            fresh[approved.dossier_id] = {"dossier_id": approved.dossier_id, **called(approved)}
        elif row.approved_version <= approved.version:
            for name, value in called(approved).items():
                setattr(row, name, value)
    if fresh:
        await uow.session.exec(insert(InspectedDossier), params=list(fresh.values()))


def called(approved: DossierApproved) -> dict[str, Any]:
    """Give the columns that say how a dossier is called."""
    return {
        "approved_version": approved.version,
        "fonds_code": approved.fonds.code,
        "file_code": approved.description.file_code,
        "title": approved.description.title,
        "expected_count": approved.description.page_count,
        "kind": approved.description.kind,
    }


async def note_withdrawal(uow: UnitOfWork, withdrawn: DossierWithdrawn) -> None:
    """Know that no list holds a dossier any more, unless it was approved again since."""
    row = await dossier_row(uow, withdrawn.dossier_id)
    row.withdrawn_version = max(row.withdrawn_version, withdrawn.version)


async def note_master(uow: UnitOfWork, stored: MasterStored) -> None:
    """Order a look at a version of a page; the newest version is the page, older ones are looked at all the same."""
    check_id = uuid5(stored.page_id, str(stored.version))
    if await uow.session.get(PageCheck, check_id) is not None:
        return
    facts = stored.model_dump(include={"page_id", "dossier_id", "version", "key", "sha256", "size", "media_type"})
    uow.session.add(PageCheck(id=check_id, number=stored.page_number, file_name=stored.file_name, **facts))
    await uow.enqueue(CHECK, check_id)
    dossier = await dossier_row(uow, stored.dossier_id)
    page = await uow.session.get(InspectedPage, stored.page_id, with_for_update=True)
    if page is None:
        uow.session.add(
            InspectedPage(
                page_id=stored.page_id,
                dossier_id=stored.dossier_id,
                lot_id=dossier.lot_id,
                number=stored.page_number,
                version=stored.version,
                sha256=stored.sha256,
            )
        )
    elif page.version < stored.version:
        begin_anew(page, stored)
    await uow.session.exec(
        update(RescanOrder)
        .where(
            col(RescanOrder.page_id) == stored.page_id,
            col(RescanOrder.page_version) < stored.version,
            or_(col(RescanOrder.is_open), col(RescanOrder.id) == stored.rescan_order_id),
        )
        .values(is_open=False, fulfilled_version=stored.version)
    )


def begin_anew(page: InspectedPage, stored: MasterStored) -> None:
    """Let a newer version be the page, and a must-see; what was found and said of the older one stays beside it."""
    page.number, page.version, page.sha256 = stored.page_number, stored.version, stored.sha256
    page.is_readable, page.judgement, page.findings, page.is_compared = None, None, [], False
    page.verdict, page.reason, page.note, page.verdict_id = None, "", "", None
    page.is_sampled = True
    page.held_by = page.held_until = None


async def note_letting_go(uow: UnitOfWork, closed: RescanClosed) -> None:
    """Close a withdrawn order that ingest has let go of; one whose page had come before stays open until we have it."""
    if closed.fulfilled_version is None:
        order = await uow.session.get(RescanOrder, closed.rescan_order_id, with_for_update=True)
        if order is not None:
            order.is_open = False


async def note_closing(uow: UnitOfWork, scanned: DossierScanned) -> None:
    """Remember how many pages a dossier has."""
    row = await dossier_row(uow, scanned.dossier_id)
    if row.state == DossierState.SCANNING:
        row.state = DossierState.SCANNED
        row.scanned_count, row.explanation = scanned.scanned_count, scanned.explanation
        await compare_when_ready(uow, row)
