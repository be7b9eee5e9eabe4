"""Accept or reject a lot, as its plan computed."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.qc.domain.lot import LotState, advance
from services.qc.domain.sampling.result import Result
from services.qc.errors import LotFailed, LotUnfinished, NoteMissing, NothingAccepted, OwnLot
from services.qc.models import GivenVerdict, InspectedPage, Lot
from services.qc.operations.gathering import locked_dossiers, locked_lot
from services.qc.operations.inspecting import accept_dossier, reject_dossier
from services.qc.operations.judging_lots import present_result
from services.qc.operations.membership import dossiers_of
from shared.clock import now
from shared.uow import UnitOfWork


async def accept_lot(uow: UnitOfWork, lot_id: UUID, note: str) -> Lot:
    """Accept a lot whose sample passed, and with it each of its dossiers.

    A dossier of which no page could be kept is rejected instead, with the note. Raises NotFound, LotGoesBackwards,
    LotUnfinished, LotFailed, OwnLot, NoteMissing, and what accept_dossier raises.
    """
    lot = await locked_lot(uow, lot_id)
    state = advance(lot.state, LotState.ACCEPTED)
    result = await final_result(uow, lot)
    if result.is_accepted is None:
        raise LotUnfinished(f"{result.judged} pages of the sample are judged")
    if not result.is_accepted:
        raise LotFailed
    await demand_another_judged(uow, lot)
    for dossier_id in await dossiers_of(uow.session, lot_id):
        try:
            await accept_dossier(uow, dossier_id, note, within=lot_id)
        except NothingAccepted:
            await reject_dossier(uow, dossier_id, note, within=lot_id)
    decide(uow, lot, state, result, note)
    return lot


async def reject_lot(uow: UnitOfWork, lot_id: UUID, note: str) -> Lot:
    """Reject a lot: every page of it is inspected, and its dossiers are concluded one by one.

    Against the plan only with words. Raises NotFound, LotGoesBackwards, NoteMissing.
    """
    lot = await locked_lot(uow, lot_id)
    state = advance(lot.state, LotState.REJECTED)
    result = await final_result(uow, lot)
    if result.is_accepted is not False and not note:
        raise NoteMissing
    every = update(InspectedPage).where(col(InspectedPage.lot_id) == lot_id).values(is_sampled=True)
    await uow.session.exec(every.execution_options(synchronize_session=False))
    decide(uow, lot, state, result, note)
    return lot


async def final_result(uow: UnitOfWork, lot: Lot) -> Result:
    """Give the result of a drawn lot when no verdict is on its way any more: each locks its dossier."""
    await locked_dossiers(uow, await dossiers_of(uow.session, lot.id))
    result = await present_result(uow.session, lot)
    assert result is not None  # noqa: S101 - a drawn lot has a plan
    return result


async def demand_another_judged(uow: UnitOfWork, lot: Lot) -> None:
    """Raise OwnLot if who decides has judged pages of the lot since it was gathered."""
    own = (
        select(GivenVerdict.id)
        .join(InspectedPage, col(InspectedPage.page_id) == col(GivenVerdict.page_id))
        .where(
            InspectedPage.lot_id == lot.id,
            GivenVerdict.inspector == uow.caller.name,
            col(GivenVerdict.at) >= lot.created_at,
        )
    )
    if (await uow.session.exec(own.limit(1))).first() is not None:
        raise OwnLot


def decide(uow: UnitOfWork, lot: Lot, state: LotState, result: Result, note: str) -> None:
    """Write a decision down, with the result that it was made by."""
    against = result.is_accepted is not (state == LotState.ACCEPTED)
    lot.state, lot.result, lot.note = state, result.model_dump(mode="json"), note
    lot.decided_at, lot.decided_by = now(), uow.caller.name
    uow.record(f"lot.{state}", lot.id, result=lot.result, note=note, against_plan=against)
