"""Agreements and deliveries, and the dossiers that wait for them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.domain.state import DeliveryState
from services.handover.errors import DeliveryUnknown
from services.handover.models import Agreement, Delivery, Package, PreservedDossier
from services.handover.operations import delivering, withdrawing
from shared.auth.guard import guarded_router
from shared.auth.policy import Role
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.uow import Caller
from shared.wire import Day, Flag, In, Line, Listing, Note, Out, Term

router: APIRouter = guarded_router()


class PreservedOut(Out):
    """A preserved dossier; `package_id` is its package in a delivery, None while it waits for one."""

    dossier_id: UUID
    fonds_code: str
    file_code: str
    title: str
    page_count: int
    byte_count: int
    reading_count: int
    preserved_at: datetime
    package_id: UUID | None


class AgreementIn(In):
    """What was agreed with a receiver: whom, for which fonds, when, under which reference."""

    receiver_id: UUID
    receiver_name: Line
    fonds_code: Line
    agreed_on: Day
    reference: Line
    note: Note = ""


class AgreementOut(Out):
    """An agreement with a receiver."""

    id: UUID
    receiver_id: UUID
    receiver_name: str
    fonds_code: str
    agreed_on: date
    reference: str
    note: str


class DeliveryIn(In):
    """Which dossiers to deliver; none named means all of the fonds that wait.

    `masters` says whether the images as scanned are delivered too, each dossier's in a package beside its SIP. Untold,
    only dossiers without reading forms bring their images.
    """

    agreement_id: UUID
    dossier_ids: tuple[UUID, ...] = ()
    masters: Flag | None = None


class GivingUpIn(In):
    """Why a delivery is cancelled, or a package withdrawn."""

    reason: Line


class DeliveryOut(Out):
    """A delivery and how many of its packages are in which state."""

    id: UUID
    agreement_id: UUID
    receiver_id: UUID
    fonds_code: str
    number: int
    state: DeliveryState
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    reason: str
    packages: dict[str, int]


@router.get("/preserved")
async def list_preserved(session: Reading, portion: Asked, fonds_code: Term | None = None) -> Listing[PreservedOut]:
    """List preserved dossiers."""
    asked = select(PreservedDossier)
    if fonds_code:
        asked = asked.where(PreservedDossier.fonds_code == fonds_code)
    rows, more = await portion.of(session, asked, PreservedDossier.dossier_id)
    return Listing(items=[PreservedOut.model_validate(row) for row in rows], next=more)


@router.post("/agreements", status_code=201)
async def create_agreement(body: AgreementIn, uow: Uow) -> AgreementOut:
    """Write down what was agreed with a receiver."""
    receiver = body.receiver_id, body.receiver_name
    made = await delivering.agree(uow, receiver, body.fonds_code, body.agreed_on, body.reference, body.note)
    return AgreementOut.model_validate(made)


@router.get("/agreements")
async def list_agreements(session: Reading, portion: Asked) -> Listing[AgreementOut]:
    """List agreements, newest first."""
    rows, more = await portion.of(session, select(Agreement), Agreement.id, is_newest_first=True)
    return Listing(items=[AgreementOut.model_validate(row) for row in rows], next=more)


@router.post("/deliveries", status_code=201)
async def create_delivery(body: DeliveryIn, uow: Uow) -> DeliveryOut:
    """Gather dossiers into a delivery; its packages are built in the background."""
    made = await delivering.create_delivery(uow, body.agreement_id, body.dossier_ids, body.masters)
    return (await shown(uow.session, [made]))[0]


@router.post("/deliveries/{delivery_id}/opening")
async def open_delivery(delivery_id: UUID, uow: Uow) -> DeliveryOut:
    """Let the receiver pull the packages of a delivery."""
    opened = await delivering.open_delivery(uow, delivery_id)
    await uow.session.flush()
    return (await shown(uow.session, [opened]))[0]


@router.post("/deliveries/{delivery_id}/cancellation")
async def cancel_delivery(delivery_id: UUID, body: GivingUpIn, uow: Uow) -> DeliveryOut:
    """Give up a delivery that was not opened; its dossiers are free for another one."""
    cancelled = await withdrawing.cancel_delivery(uow, delivery_id, body.reason)
    await uow.session.flush()
    return (await shown(uow.session, [cancelled]))[0]


@router.get("/deliveries")
async def list_deliveries(
    session: Reading, caller: Calling, portion: Asked, state: DeliveryState | None = None
) -> Listing[DeliveryOut]:
    """List deliveries, newest first; a receiver sees its own that were opened."""
    asked = select(Delivery)
    if is_only_receiver(caller):
        asked = asked.where(Delivery.receiver_id == caller.account_id, col(Delivery.opened_at).is_not(None))
    if state:
        asked = asked.where(Delivery.state == state)
    rows, more = await portion.of(session, asked, Delivery.id, is_newest_first=True)
    return Listing(items=await shown(session, rows), next=more)


@router.get("/deliveries/{delivery_id}")
async def read_delivery(delivery_id: UUID, session: Reading, caller: Calling) -> DeliveryOut:
    """Show one delivery."""
    return (await shown(session, [await visible_delivery(session, delivery_id, caller)]))[0]


async def visible_delivery(session: AsyncSession, delivery_id: UUID, caller: Caller) -> Delivery:
    """Give a delivery that the caller may see. Raises DeliveryUnknown."""
    delivery = await session.get(Delivery, delivery_id)
    if delivery is None:
        raise DeliveryUnknown
    if is_only_receiver(caller) and (delivery.receiver_id != caller.account_id or delivery.opened_at is None):
        raise DeliveryUnknown
    return delivery


def is_only_receiver(caller: Caller) -> bool:
    """Say whether a caller sees only its own."""
    return caller.roles == {Role.RECEIVER}


async def shown(session: AsyncSession, rows: Sequence[Delivery]) -> list[DeliveryOut]:
    """Show deliveries with the counts of their packages, one query for all of them."""
    asked = (
        select(Package.delivery_id, Package.state, func.count())
        .where(col(Package.delivery_id).in_([row.id for row in rows]))
        .group_by(col(Package.delivery_id), col(Package.state))
    )
    counts: dict[UUID, dict[str, int]] = {}
    for delivery_id, state, count in await session.exec(asked):
        counts.setdefault(delivery_id, {})[state] = count
    return [DeliveryOut(**row.model_dump(), packages=counts.get(row.id, {})) for row in rows]
