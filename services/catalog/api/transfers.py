"""Transfers from source agencies: registered, arranged, withdrawn; an agency's account has its own and no other."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import col, select

from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.shapes import Here
from services.catalog.api.transfer_shapes import (
    ArrangementIn,
    ArrangementOut,
    RegistrationIn,
    TransferIn,
    TransferOut,
    WithdrawalIn,
    centimetres,
    shown,
)
from services.catalog.api.versions import Expected, tag
from services.catalog.context import Context
from services.catalog.domain.secret_mark import demand_open, demand_unmarked
from services.catalog.domain.transfer import TransferState
from services.catalog.models.agencies import Agency
from services.catalog.models.transfers import Arrangement, Transfer
from services.catalog.operations import transferring
from services.catalog.operations.access import agencies_of
from services.catalog.operations.transfer_counts import YearCount, counted
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.wire import Listing, Numeral, Out

router: APIRouter = guarded_router()
Year = Annotated[Numeral | None, Query(ge=2000, le=2100)]


class YearOut(Out):
    """A year of an agency: what is planned for it, how much of that is not arranged, what came in by its minutes."""

    year: int
    planned_transfers: int
    planned_dossiers: int
    planned_metres: float
    backlog_metres: float
    received_transfers: int
    received_dossiers: int
    received_metres: float


class ProgressOut(Out):
    """How far an agency is with what it has to transfer, year by year."""

    agency_id: UUID
    years: list[YearOut]


@router.post("/transfers", status_code=201)
async def register_transfer(body: TransferIn, uow: Uow, here: Here, response: Response) -> TransferOut:
    """Register what an agency has still to transfer; the agency may do so itself."""
    demand_sayable(body, here)
    row = await transferring.register_transfer(uow, body.agency_id, body.registration(), is_stated=body.holds_no_secret)
    return await one(uow, row, response)


@router.get("/transfers")
async def list_transfers(
    session: Reading,
    caller: Calling,
    portion: Asked,
    agency_id: UUID | None = None,
    year: Year = None,
    state: TransferState | None = None,
) -> Listing[TransferOut]:
    """List transfers, newest last; `year` is the one they are planned for."""
    asked, own = select(Transfer), agencies_of(caller)
    if own is not None:
        asked = asked.where(col(Transfer.agency_id).in_(own))
    for column, told in ((Transfer.agency_id, agency_id), (Transfer.planned_year, year), (Transfer.state, state)):
        asked = asked if told is None else asked.where(col(column) == told)
    rows, more = await portion.of(session, asked, Transfer.id)
    return Listing(items=await shown(session, rows), next=more)


@router.get("/transfers/progress")
async def list_transfer_progress(
    session: Reading, caller: Calling, portion: Asked, year: Year = None
) -> Listing[ProgressOut]:
    """List how far agencies are, those that have something to transfer; `year` leaves out all others."""
    asked, own = select(Agency).where(col(Agency.id).in_(select(Transfer.agency_id))), agencies_of(caller)
    if own is not None:
        asked = asked.where(col(Agency.id).in_(own))
    rows, more = await portion.of(session, asked, Agency.id)
    counts = await counted(session, [row.id for row in rows])
    items = [
        ProgressOut(
            agency_id=row.id,
            years=[year_out(each) for _, each in sorted(counts[row.id].years.items()) if year in (None, each.year)],
        )
        for row in rows
    ]
    return Listing(items=items, next=more)


@router.get("/transfers/{transfer_id}")
async def read_transfer(transfer_id: UUID, session: Reading, caller: Calling, response: Response) -> TransferOut:
    """Show one transfer; its ETag is what a change has to name in If-Match."""
    row = await transferring.visible_transfer(session, transfer_id, caller)
    tag(response, row.version)
    return (await shown(session, [row]))[0]


@router.put("/transfers/{transfer_id}")
async def change_transfer(
    transfer_id: UUID, body: RegistrationIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> TransferOut:
    """Put a registration right while nothing of it has come in."""
    demand_sayable(body, here)
    row = await transferring.change_transfer(
        uow, transfer_id, body.registration(), expected, is_stated=body.holds_no_secret
    )
    return await one(uow, row, response)


@router.post("/transfers/{transfer_id}/arrangements")
async def report_arrangement(
    transfer_id: UUID, body: ArrangementIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> TransferOut:
    """Say how many metres are arranged by a day."""
    demand_unmarked(secrets_allowed=here.secrets_allowed, note=body.note)
    arranged = centimetres(body.arranged_metres)
    row = await transferring.report_arrangement(uow, transfer_id, body.reported_on, arranged, body.note, expected)
    return await one(uow, row, response)


@router.get("/transfers/{transfer_id}/arrangements")
async def list_arrangements(transfer_id: UUID, session: Reading, caller: Calling) -> Listing[ArrangementOut]:
    """List what was arranged by which day, oldest first: as many as were reported, a few a year."""
    transfer = await transferring.visible_transfer(session, transfer_id, caller)
    asked = select(Arrangement).where(Arrangement.transfer_id == transfer_id).order_by(col(Arrangement.reported_on))
    return Listing(
        items=[
            ArrangementOut(
                **row.model_dump(exclude={"transfer_id", "arranged_cm"}),
                arranged_metres=row.arranged_cm / 100,
                backlog_metres=(transfer.shelf_cm - row.arranged_cm) / 100,
            )
            for row in await session.exec(asked)
        ]
    )


@router.post("/transfers/{transfer_id}/withdrawal")
async def withdraw_transfer(
    transfer_id: UUID, body: WithdrawalIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> TransferOut:
    """Take a registration back, with the reason."""
    demand_unmarked(secrets_allowed=here.secrets_allowed, reason=body.reason)
    return await one(uow, await transferring.withdraw_transfer(uow, transfer_id, body.reason, expected), response)


@router.get("/transfers/{transfer_id}/history")
async def list_transfer_past(transfer_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[ActOut]:
    """List what was changed of a transfer, newest first: who, when, how it was before and after."""
    await transferring.visible_transfer(session, transfer_id, caller)
    return await history_of(session, portion, transfer_id)


def demand_sayable(body: RegistrationIn, here: Context) -> None:
    """Let texts through that their writer says hold no secret. Raises SecretMarked, SecrecyUnstated."""
    demand_open(is_stated=body.holds_no_secret, secrets_allowed=here.secrets_allowed, title=body.title, note=body.note)


def year_out(each: YearCount) -> YearOut:
    """Show a year of an agency."""
    return YearOut(
        year=each.year,
        planned_transfers=each.planned_transfers,
        planned_dossiers=each.planned_dossiers,
        planned_metres=each.planned_cm / 100,
        backlog_metres=(each.planned_cm - each.arranged_cm) / 100,
        received_transfers=each.received_transfers,
        received_dossiers=each.received_dossiers,
        received_metres=each.received_cm / 100,
    )


async def one(uow: Uow, row: Transfer, response: Response) -> TransferOut:
    """Show a transfer that was just changed."""
    await uow.session.flush()
    tag(response, row.version)
    return (await shown(uow.session, [row]))[0]
