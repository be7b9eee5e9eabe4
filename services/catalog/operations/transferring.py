"""Transfers from source agencies: registered, put right, arranged step by step, withdrawn."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.transfer import (
    OPEN,
    TransferState,
    advance,
    demand_happened,
    demand_period,
    demand_room,
    demand_state,
)
from services.catalog.domain.transfer_errors import TransferUnknown
from services.catalog.models import Fonds
from services.catalog.models.agencies import FondsAgencies
from services.catalog.models.transfers import Arrangement, Transfer
from services.catalog.operations.access import acts_for, demand_acts_for
from services.catalog.operations.agencies import going_agency
from services.catalog.operations.keeping_past import demand_seen, keep_after, keep_past
from services.catalog.operations.telling_agencies import tell_transfer
from shared.auth.roles import DESCRIBERS
from shared.clock import day_in_vietnam, now
from shared.errors import NotFound
from shared.uow import Caller, UnitOfWork


@dataclass(frozen=True, slots=True)
class Registration:
    """What is told of dossiers that are still to be transferred."""

    fonds_id: UUID | None
    title: str
    starts_on: str | None
    ends_on: str | None
    dossier_count: int
    shelf_cm: int
    box_count: int
    planned_year: int
    note: str


async def register_transfer(uow: UnitOfWork, agency_id: UUID, told: Registration, *, is_stated: bool) -> Transfer:
    """Register what an agency has still to transfer; who says so may state that it holds no secret.

    Raises AgencyUnknown, AgencyEnded, NotFound, TransferWrong.
    """
    await demand_acts_for(uow.session, uow.caller, agency_id, DESCRIBERS)
    await going_agency(uow.session, agency_id)
    await demand_sound(uow, agency_id, told)
    made = Transfer(agency_id=agency_id, registered_by=uow.caller.name, **asdict(told))
    state_open(uow, made, is_stated=is_stated)
    uow.session.add(made)
    await uow.session.flush()
    uow.record("transfer.registered", made.id, agency_id=str(agency_id), title=told.title, is_stated=is_stated)
    await tell_transfer(uow, made)
    return made


async def change_transfer(
    uow: UnitOfWork, transfer_id: UUID, told: Registration, expected: int, *, is_stated: bool
) -> Transfer:
    """Put a registration right while nothing of it has come in; saying the same again changes nothing.

    Raises TransferUnknown, TransferStateWrong, NotFound, TransferWrong, ChangedMeanwhile.
    """
    transfer = await held_transfer(uow, transfer_id)
    if registration_of(transfer) == told and (transfer.secrecy_at or not is_stated):
        return transfer
    demand_state(transfer.state, TransferState.REGISTERED)
    await demand_sound(uow, transfer.agency_id, told)
    demand_room(await arranged_cm(uow.session, transfer_id), told.shelf_cm)
    demand_seen(transfer, expected)
    kept = keep_past(uow, transfer, "transfer.changed", transfer=transfer)
    for name, value in asdict(told).items():
        setattr(transfer, name, value)
    state_open(uow, transfer, is_stated=is_stated)
    keep_after(kept, transfer=transfer)
    uow.record("transfer.changed", transfer_id, version=transfer.version, is_stated=is_stated)
    await tell_transfer(uow, transfer)
    return transfer


async def report_arrangement(
    uow: UnitOfWork, transfer_id: UUID, on: date, arranged: int, note: str, expected: int
) -> Transfer:
    """Say how many centimetres are arranged by a day; for a day that was told already, it is put right.

    Raises TransferUnknown, TransferStateWrong, TransferWrong, ChangedMeanwhile.
    """
    transfer = await held_transfer(uow, transfer_id)
    known = await uow.session.get(Arrangement, (transfer_id, on))
    if known is not None and (known.arranged_cm, known.note) == (arranged, note):
        return transfer
    demand_state(transfer.state, *OPEN)
    demand_happened("reported_on", on, day_in_vietnam(now()))
    demand_room(arranged, transfer.shelf_cm)
    demand_seen(transfer, expected)
    kept = keep_past(uow, transfer, "transfer.arranged", arrangement=known)
    made = await uow.session.merge(
        Arrangement(
            transfer_id=transfer_id, reported_on=on, arranged_cm=arranged, note=note, reported_by=uow.caller.name
        )
    )
    await uow.session.flush()
    keep_after(kept, arrangement=made)
    uow.record("transfer.arranged", transfer_id, reported_on=str(on), arranged_cm=arranged)
    await tell_transfer(uow, transfer)
    return transfer


async def withdraw_transfer(uow: UnitOfWork, transfer_id: UUID, reason: str, expected: int) -> Transfer:
    """Take a registration back, with the reason. Raises TransferUnknown, TransferStateWrong, ChangedMeanwhile."""
    transfer = await held_transfer(uow, transfer_id)
    if transfer.state == TransferState.WITHDRAWN and transfer.reason == reason:
        return transfer
    state = advance(transfer.state, TransferState.WITHDRAWN)
    demand_seen(transfer, expected)
    kept = keep_past(uow, transfer, "transfer.withdrawn", transfer=transfer)
    transfer.state, transfer.reason = state, reason
    keep_after(kept, transfer=transfer)
    uow.record("transfer.withdrawn", transfer_id, reason=reason)
    await tell_transfer(uow, transfer)
    return transfer


def state_open(uow: UnitOfWork, transfer: Transfer, *, is_stated: bool) -> None:
    """Keep who says that what is written of a transfer holds no state secret, and when."""
    transfer.secrecy_by, transfer.secrecy_at = (uow.caller.name, now()) if is_stated else ("", None)


def registration_of(transfer: Transfer) -> Registration:
    """Give what was told of a transfer."""
    return Registration(**{name: getattr(transfer, name) for name in Registration.__slots__})


async def demand_sound(uow: UnitOfWork, agency_id: UUID, told: Registration) -> None:
    """Hold a registration against what is known: an agency itself may name only a fonds of its own records.

    Raises NotFound, TransferWrong.
    """
    demand_period(told.starts_on, told.ends_on, day_in_vietnam(now()))
    if told.fonds_id is None:
        return
    fonds = await uow.session.get(Fonds, told.fonds_id)
    named = await uow.session.get(FondsAgencies, told.fonds_id)
    is_own = named is not None and named.creator_id == agency_id
    if fonds is None or not (is_own or uow.caller.roles & DESCRIBERS):
        raise NotFound("no fonds has this id")


async def held_transfer(uow: UnitOfWork, transfer_id: UUID) -> Transfer:
    """Give a transfer that the caller may change, held. Raises TransferUnknown."""
    found = await uow.session.get(Transfer, transfer_id, with_for_update=True, populate_existing=True)
    if found is None or not await acts_for(uow.session, uow.caller, found.agency_id, DESCRIBERS):
        raise TransferUnknown
    return found


async def visible_transfer(session: AsyncSession, transfer_id: UUID, caller: Caller) -> Transfer:
    """Give a transfer that the caller may see. Raises TransferUnknown."""
    found = await session.get(Transfer, transfer_id)
    if found is None or not await acts_for(session, caller, found.agency_id):
        raise TransferUnknown
    return found


async def arranged_cm(session: AsyncSession, transfer_id: UUID) -> int:
    """Give how much was ever arranged of a transfer."""
    asked = select(func.max(Arrangement.arranged_cm)).where(col(Arrangement.transfer_id) == transfer_id)
    return (await session.exec(asked)).one() or 0
