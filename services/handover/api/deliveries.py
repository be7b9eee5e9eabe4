"""Deliveries, and the dossiers that wait for them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.domain.state import ANSWERED, DeliveryState, Seal
from services.handover.domain.visible import is_only_receiver
from services.handover.errors import DeliveryUnknown
from services.handover.models import Correction, Delivery, ListedDossier, Package, PreservedDossier, WrittenMedium
from services.handover.operations import delivering, releasing, withdrawing
from services.handover.operations.delivering_again import is_outdated
from services.handover.operations.unlisting import withdrawals_of
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.uow import Caller
from shared.wire import In, Line, Listing, Out, Term, Truth

router: APIRouter = guarded_router()


class PreservedOut(Out):
    """A preserved dossier; `package_id` is its package in a delivery, None while it waits for one; one that was
    explained keeps its last package, and is delivered again only by name.

    `version` is of the approval by which its newest AIP was made, `revised_at` when that was; `is_outdated` says that
    the receiver has accepted an older one, and that it may be delivered again. `withdrawn_at` and `withdrawal_reason`
    are there while it is withdrawn from its approved list, which keeps it back; its title is its code then.
    """

    dossier_id: UUID
    fonds_code: str
    file_code: str
    title: str
    page_count: int
    byte_count: int
    reading_count: int
    a4_equivalents: int | None
    preserved_at: datetime
    package_id: UUID | None
    version: int
    revised_at: datetime | None
    is_outdated: bool
    withdrawn_at: datetime | None
    withdrawal_reason: str


SHOWN = set(PreservedOut.model_fields) & set(PreservedDossier.model_fields)


class DeliveryIn(In):
    """Which dossiers to deliver; none named means all of the fonds that wait, but those to be delivered again."""

    agreement_id: UUID
    dossier_ids: tuple[UUID, ...] = ()


class GivingUpIn(In):
    """Why a delivery is cancelled or given up, or a package withdrawn."""

    reason: Line


class DeliveryOut(Out):
    """A delivery and how many of its packages are in which state.

    `seal` says whether its manifest is signed; `is_complete` that every package was accepted, or its rejection
    explained or mended by another, or was given up; `media_count` on how many media it was written. There is a
    `giving_up_reason` once somebody asked to give it up, and who agreed and when once it was.
    """

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
    released_at: datetime | None
    reason: str
    manifest_sha256: str | None
    manifest_size: int | None
    seal: Seal
    signer: str
    giving_up_reason: str
    given_up_by: str
    given_up_at: datetime | None
    open_corrections: int
    is_complete: bool
    media_count: int
    packages: dict[str, int]


@router.get("/preserved")
async def list_preserved(
    session: Reading, portion: Asked, fonds_code: Term | None = None, outdated: Truth = False
) -> Listing[PreservedOut]:
    """List preserved dossiers; those only that were revised since a receiver accepted them, where that is asked."""
    asked = select(PreservedDossier)
    if outdated:
        asked = asked.where(is_outdated())
    if fonds_code:
        asked = asked.where(PreservedDossier.fonds_code == fonds_code)
    rows, more = await portion.of(session, asked, PreservedDossier.dossier_id)
    ids = [row.dossier_id for row in rows]
    due = select(PreservedDossier.dossier_id).where(col(PreservedDossier.dossier_id).in_(ids), is_outdated())
    old = set(await session.exec(due))
    gone = await withdrawals_of(session, ids)
    told = [preserved_out(row, gone.get(row.dossier_id), is_outdated=row.dossier_id in old) for row in rows]
    return Listing(items=told, next=more)


def preserved_out(row: PreservedDossier, withdrawn: ListedDossier | None, *, is_outdated: bool) -> PreservedOut:
    """Tell of a preserved dossier."""
    told = row.model_dump(include=SHOWN)
    if withdrawn:
        told["title"] = row.file_code
    return PreservedOut(
        **told,
        is_outdated=is_outdated,
        withdrawn_at=withdrawn.withdrawn_at if withdrawn else None,
        withdrawal_reason=withdrawn.reason if withdrawn else "",
    )


@router.post("/deliveries", status_code=201)
async def create_delivery(body: DeliveryIn, uow: Uow) -> DeliveryOut:
    """Gather dossiers into a delivery; its packages are built in the background."""
    made = await delivering.create_delivery(uow, body.agreement_id, body.dossier_ids)
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


@router.post("/deliveries/{delivery_id}/release")
async def release_delivery(delivery_id: UUID, uow: Uow) -> DeliveryOut:
    """Serve the packages of a closed delivery no longer, three months after the last answer at the earliest."""
    released = await releasing.release_delivery(uow, delivery_id)
    await uow.session.flush()
    return (await shown(uow.session, [released]))[0]


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


async def shown(session: AsyncSession, rows: Sequence[Delivery]) -> list[DeliveryOut]:
    """Show deliveries with the counts of their packages, corrections and media, three queries for all of them."""
    ids = [row.id for row in rows]
    asked = (
        select(Package.delivery_id, Package.state, func.count())
        .where(col(Package.delivery_id).in_(ids))
        .group_by(col(Package.delivery_id), col(Package.state))
    )
    counts: dict[UUID, dict[str, int]] = {}
    for delivery_id, state, count in await session.exec(asked):
        counts.setdefault(delivery_id, {})[state] = count
    unsettled = (
        select(Correction.delivery_id, func.count())
        .where(col(Correction.delivery_id).in_(ids), col(Correction.settled_at).is_(None))
        .group_by(col(Correction.delivery_id))
    )
    corrections = dict((await session.exec(unsettled)).all())
    written = (
        select(WrittenMedium.delivery_id, func.count())
        .where(col(WrittenMedium.delivery_id).in_(ids))
        .group_by(col(WrittenMedium.delivery_id))
    )
    media = dict((await session.exec(written)).all())
    return [delivery_out(row, counts.get(row.id, {}), corrections.get(row.id, 0), media.get(row.id, 0)) for row in rows]


def delivery_out(row: Delivery, packages: dict[str, int], corrections: int, media: int) -> DeliveryOut:
    """Show a delivery; complete is what is wholly answered and asks for nothing more."""
    told = row.model_dump(exclude={"signature"})
    is_complete = row.state in ANSWERED and not corrections
    return DeliveryOut(
        **told, packages=packages, open_corrections=corrections, is_complete=is_complete, media_count=media
    )
