"""Gather whole dossiers into a lot, give leave for its plan, or give it up, all before the sample is drawn."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.qc.domain.inspection import DossierState, Verdict, may_draw
from services.qc.domain.lot import Leave, LotState, advance
from services.qc.domain.sampling.terms import PercentageTerms, StandardTerms
from services.qc.errors import (
    DossierConcluded,
    DossierStillScanning,
    DossierWithdrawn,
    LeaveUnasked,
    LotGoesBackwards,
    VerdictsMissing,
)
from services.qc.models import InspectedDossier, InspectedPage, Lot, LotDossier
from services.qc.operations.membership import demand_in_no_open_lot, end_rejected_lot, were_rejected
from services.qc.operations.planning import leaves_asked, standings_of
from shared.errors import NotFound
from shared.uow import UnitOfWork


async def create_lot(
    uow: UnitOfWork, name: str, series: str, terms: StandardTerms | PercentageTerms, dossiers: Collection[UUID]
) -> Lot:
    """Gather dossiers that are scanned, wholly checked and not concluded, none of them in another open lot.

    Those of a rejected lot come again when every page of theirs was inspected. Raises NotFound, DossierConcluded,
    DossierWithdrawn, DossierStillScanning, DossierInLot, VerdictsMissing.
    """
    rows = await locked_dossiers(uow, dossiers)
    pages = await locked_pages(uow, dossiers)
    for row in rows:
        await demand_gatherable(uow, row, pages[row.dossier_id])
    before = {row.lot_id for row in rows}
    lot = Lot(
        name=name,
        series=series,
        terms=terms.model_dump(mode="json"),
        is_resubmitted=len(await were_rejected(uow.session, dossiers)) == len(rows),
        page_count=sum(len(pages[row.dossier_id]) for row in rows),
        created_by=uow.caller.name,
    )
    uow.session.add(lot)
    await uow.session.flush()
    uow.session.add_all(LotDossier(lot_id=lot.id, dossier_id=row.dossier_id) for row in rows)
    await put_into(uow, [row.dossier_id for row in rows], lot.id)
    for lot_id in sorted(lot_id for lot_id in before if lot_id is not None):
        await end_rejected_lot(uow, lot_id)
    uow.record(
        "lot.created", lot.id, name=name, series=series, terms=lot.terms, dossiers=[str(row.dossier_id) for row in rows]
    )
    return lot


async def withdraw_lot(uow: UnitOfWork, lot_id: UUID, note: str) -> Lot:
    """Give a lot up before its sample is drawn. Raises NotFound, LotGoesBackwards."""
    lot = await locked_lot(uow, lot_id)
    lot.state, lot.note = advance(lot.state, LotState.WITHDRAWN), note
    held = select(InspectedDossier.dossier_id).where(InspectedDossier.lot_id == lot_id)
    await put_into(uow, (await uow.session.exec(held)).all(), None)
    uow.record("lot.withdrawn", lot_id, note=note)
    return lot


async def give_leave(uow: UnitOfWork, lot_id: UUID, leave: Leave, note: str) -> Lot:
    """Let a lot be inspected reduced, or its discontinued series resume, where its plan asks for that.

    Raises NotFound, LotGoesBackwards, LeaveUnasked.
    """
    lot = await locked_lot(uow, lot_id)
    if lot.state != LotState.GATHERING:
        raise LotGoesBackwards(f"the lot is {lot.state}")
    if leave not in leaves_asked(lot, await standings_of(uow.session, lot.series)):
        raise LeaveUnasked
    lot.leave, lot.leave_by = leave, uow.caller.name
    uow.record("lot.leave_given", lot_id, leave=leave, note=note)
    return lot


async def locked_lot(uow: UnitOfWork, lot_id: UUID) -> Lot:
    """Give a lot that nobody else changes meanwhile. Raises NotFound."""
    lot = await uow.session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotFound("no lot has this id")
    return lot


Seen = tuple[str | None, str | None]  # a page's judgement, once it was compared with the others, and verdict


async def locked_pages(uow: UnitOfWork, dossiers: Collection[UUID]) -> dict[UUID, list[Seen]]:
    """Give what is known of the pages of dossiers, locked after their dossiers."""
    asked = (
        select(InspectedPage.dossier_id, InspectedPage.is_compared, InspectedPage.judgement, InspectedPage.verdict)
        .where(col(InspectedPage.dossier_id).in_(dossiers))
        .order_by(col(InspectedPage.page_id))
        .with_for_update()
    )
    pages: dict[UUID, list[Seen]] = defaultdict(list)
    for dossier_id, is_compared, judgement, verdict in await uow.session.exec(asked):
        pages[dossier_id].append((judgement if is_compared else None, verdict))
    return pages


async def locked_dossiers(uow: UnitOfWork, dossiers: Collection[UUID]) -> Sequence[InspectedDossier]:
    """Give dossiers in the order of their ids. Raises NotFound unless all are known."""
    asked = select(InspectedDossier).where(col(InspectedDossier.dossier_id).in_(dossiers))
    rows = (await uow.session.exec(asked.order_by(col(InspectedDossier.dossier_id)).with_for_update())).all()
    missing = set(dossiers) - {row.dossier_id for row in rows}
    if missing:
        raise NotFound("no dossier has this id", dossiers=[str(each) for each in sorted(missing)[:20]])
    return rows


async def demand_gatherable(uow: UnitOfWork, dossier: InspectedDossier, pages: Sequence[Seen]) -> None:
    """Raise unless a dossier may go into a new lot.

    That is DossierConcluded, DossierWithdrawn, DossierInLot, DossierStillScanning, VerdictsMissing.
    """
    who = f"dossier {dossier.file_code or dossier.dossier_id}"
    if dossier.state in (DossierState.ACCEPTED, DossierState.REJECTED):
        raise DossierConcluded(f"{who} is {dossier.state}", dossier_id=str(dossier.dossier_id))
    if dossier.is_withdrawn:
        raise DossierWithdrawn(who, dossier_id=str(dossier.dossier_id))
    await demand_in_no_open_lot(uow, dossier)
    if dossier.seed is None or not may_draw([judgement for judgement, _ in pages], dossier.scanned_count):
        raise DossierStillScanning(f"{who} is not wholly checked and compared", dossier_id=str(dossier.dossier_id))
    if dossier.lot_id is not None and any(verdict in (None, Verdict.RESCAN) for _, verdict in pages):
        raise VerdictsMissing(f"{who} is not wholly inspected", dossier_id=str(dossier.dossier_id))


async def put_into(uow: UnitOfWork, dossiers: Collection[UUID], lot_id: UUID | None) -> None:
    """Let dossiers and their pages belong to a lot, or to none."""
    for table in (InspectedPage, InspectedDossier):
        within = col(table.dossier_id).in_(dossiers)
        belonging = update(table).where(within).values(lot_id=lot_id)
        await uow.session.exec(belonging.execution_options(synchronize_session=False))
