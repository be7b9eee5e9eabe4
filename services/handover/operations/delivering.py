"""Agree, gather dossiers into a delivery, open it, and take the receiver's answers."""

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.handover.domain.holding import holdings_of
from services.handover.domain.state import ENDED, DeliveryState, PackageState, advance
from services.handover.errors import (
    AgreementUnknown,
    DeliveryNotReady,
    DigestUnexpected,
    DossiersUnavailable,
    FondsUnknown,
    NothingToDeliver,
    PackageNotOffered,
    PackageUnknown,
    ReadingFormsMissing,
    ReasonMissing,
    ReceiptDiffers,
    ReceiverDisabled,
    ReceiverUnknown,
)
from services.handover.models import Agreement, Delivery, Package, PreservedDossier, Receipt, Receiver
from services.handover.operations.building import BUILD
from services.handover.operations.quarantining import demand_sound, quarantined
from services.handover.operations.withdrawing import locked, locked_package
from shared.clock import now
from shared.eark.names import submission_objid
from shared.events.handover import PackageOffered, PackageReceived
from shared.ids import DeliveryId, DossierId, PackageId, new_id
from shared.uow import UnitOfWork


async def agree(
    uow: UnitOfWork, receiver: tuple[UUID, str], fonds_code: str, agreed_on: date, reference: str, note: str
) -> Agreement:
    """Write down what was agreed with a receiver: without it nothing is delivered.

    A fonds is known from its first preserved dossier on: before that there is nothing to deliver of it, and a
    mistyped code would wait for ever. Raises ReceiverUnknown, ReceiverDisabled, FondsUnknown.
    """
    receiver_id, receiver_name = receiver
    await demand_receiver(uow, receiver_id)
    of_fonds = select(PreservedDossier.dossier_id).where(PreservedDossier.fonds_code == fonds_code).limit(1)
    if (await uow.session.exec(of_fonds)).first() is None:
        raise FondsUnknown(fonds_code)
    made = Agreement(
        receiver_id=receiver_id,
        receiver_name=receiver_name,
        fonds_code=fonds_code,
        agreed_on=agreed_on,
        reference=reference,
        note=note,
    )
    uow.session.add(made)
    uow.record("agreement.made", made.id, receiver=receiver_name, fonds_code=fonds_code, reference=reference)
    return made


async def demand_receiver(uow: UnitOfWork, account_id: UUID) -> None:
    """Refuse to deliver to somebody who could not pull. Raises ReceiverUnknown, ReceiverDisabled."""
    known = await uow.session.get(Receiver, account_id)
    if known is None or not known.may_receive:
        raise ReceiverUnknown(str(account_id))
    heard = await uow.session.get(uow.plumbing.disabled_account, account_id)
    if heard is not None and heard.is_disabled:
        raise ReceiverDisabled(known.name)


async def create_delivery(
    uow: UnitOfWork, agreement_id: UUID, dossier_ids: Sequence[UUID], masters: bool | None = None
) -> Delivery:
    """Gather dossiers (all that wait, when none are named) into the fonds' next delivery and order their packages.

    `masters` says whether the images are delivered too, in packages of their own; None: only of dossiers that have no
    reading forms. Raises AgreementUnknown, ReceiverUnknown, ReceiverDisabled, NothingToDeliver, DossiersUnavailable,
    ReadingFormsMissing.
    """
    agreement = await uow.session.get(Agreement, agreement_id, with_for_update=True)
    if agreement is None:
        raise AgreementUnknown
    await demand_receiver(uow, agreement.receiver_id)
    dossiers = await waiting_dossiers(uow, agreement.fonds_code, dossier_ids)
    if unread := [str(each.dossier_id) for each in dossiers if not holdings_of(each.reading_count, masters)]:
        raise ReadingFormsMissing(f"{len(unread)} dossiers", dossiers=sorted(unread))
    highest = select(func.coalesce(func.max(Delivery.number), 0)).where(Delivery.fonds_code == agreement.fonds_code)
    delivery = Delivery(
        agreement_id=agreement.id,
        receiver_id=agreement.receiver_id,
        fonds_code=agreement.fonds_code,
        number=(await uow.session.exec(highest)).one() + 1,
        packer=uow.caller.name,
    )
    uow.session.add(delivery)
    await uow.session.flush()
    part = 0
    for dossier in dossiers:
        whole: Package | None = None
        for holding in holdings_of(dossier.reading_count, masters):
            part += 1
            package = Package(
                delivery_id=delivery.id,
                dossier_id=dossier.dossier_id,
                part=part,
                objid=submission_objid(new_id()),
                holds=holding,
                sibling_of=whole.id if whole else None,
                page_count=dossier.page_count,
            )
            uow.session.add(package)
            whole = whole or package
            dossier.package_id = whole.id
            await uow.session.flush()
            await uow.enqueue(BUILD, package.id)
    uow.record("delivery.created", delivery.id, packages=part, number=delivery.number)
    return delivery


async def waiting_dossiers(uow: UnitOfWork, fonds_code: str, dossier_ids: Sequence[UUID]) -> Sequence[PreservedDossier]:
    """Give sound dossiers of a fonds that are in no delivery. Raises NothingToDeliver, DossiersUnavailable."""
    asked = (
        select(PreservedDossier)
        .where(
            PreservedDossier.fonds_code == fonds_code,
            col(PreservedDossier.package_id).is_(None),
            col(PreservedDossier.dossier_id).not_in(quarantined()),
        )
        .order_by(col(PreservedDossier.file_code))
        .with_for_update()
    )
    if dossier_ids:
        asked = asked.where(col(PreservedDossier.dossier_id).in_(dossier_ids))
    found = (await uow.session.exec(asked)).all()
    if not found and not dossier_ids:
        raise NothingToDeliver
    missing = set(dossier_ids) - {dossier.dossier_id for dossier in found}
    if missing:
        raise DossiersUnavailable(f"{len(missing)} dossiers", dossiers=sorted(str(each) for each in missing))
    return found


async def open_delivery(uow: UnitOfWork, delivery_id: UUID) -> Delivery:
    """Let the receiver pull. Raises DeliveryUnknown, DeliveryNotReady, StateGoesBackwards, DossierQuarantined."""
    delivery, packages = await locked(uow, delivery_id)
    await demand_sound(uow.session, (each.dossier_id for each in packages if each.state == PackageState.BUILT))
    if delivery.state == DeliveryState.BUILDING:
        raise DeliveryNotReady
    delivery.state, delivery.opened_at = advance(DeliveryState(delivery.state), DeliveryState.OPEN), now()
    for package in packages:
        if package.state != PackageState.BUILT:
            continue
        package.state = PackageState.OFFERED
        if package.sibling_of:  # its dossier's pages are told of once, with the package beside it
            continue
        uow.publish(
            PackageOffered(
                package_id=PackageId(package.id),
                delivery_id=DeliveryId(delivery_id),
                dossier_id=DossierId(package.dossier_id),
                page_count=package.page_count,
                byte_count=package.size or 0,
                sha256=package.sha256 or "",
            )
        )
    uow.record("delivery.opened", delivery_id)
    return delivery


async def put_receipt(uow: UnitOfWork, package_id: UUID, answer: str, sha256: str, reasons: Sequence[str]) -> Receipt:
    """Take the receiver's answer for a package; the same answer again is the same receipt.

    Raises PackageUnknown, PackageNotOffered, ReasonMissing, DigestUnexpected, ReceiptDiffers.
    """
    delivery, package = await locked_package(uow, package_id)
    if delivery.receiver_id != uow.caller.account_id:
        raise PackageUnknown
    if answer == "rejected" and not reasons:
        raise ReasonMissing
    known = await uow.session.get(Receipt, package_id)
    if known is not None:
        if (known.answer, known.sha256) != (answer, sha256):
            raise ReceiptDiffers(known.answer)
        return known
    if package.state != PackageState.OFFERED:
        raise PackageNotOffered
    if answer == "accepted" and sha256 != package.sha256:
        raise DigestUnexpected
    receipt = Receipt(
        package_id=package_id,
        answer=answer,
        sha256=sha256,
        reasons=json.dumps(list(reasons), ensure_ascii=False),
        receiver=uow.caller.name,
    )
    uow.session.add(receipt)
    package.state = PackageState(answer)
    await settle(uow, package, delivery, reasons)
    return receipt


async def settle(uow: UnitOfWork, package: Package, delivery: Delivery, reasons: Sequence[str]) -> None:
    """Tell of the answer; free a rejected dossier for another delivery; close a delivery that is wholly answered."""
    accepted = package.state == PackageState.ACCEPTED
    uow.record("receipt.taken", package.id, answer=package.state, reasons=list(reasons))
    if not package.sibling_of:
        uow.publish(
            PackageReceived(
                package_id=PackageId(package.id),
                delivery_id=DeliveryId(delivery.id),
                dossier_id=DossierId(package.dossier_id),
                page_count=package.page_count,
                answer="accepted" if accepted else "rejected",
                reasons=tuple(reasons),
            )
        )
    if not accepted:
        dossier = await uow.session.get_one(PreservedDossier, package.dossier_id, with_for_update=True)
        dossier.package_id = None
    await uow.session.flush()
    unanswered = select(Package.id).where(Package.delivery_id == delivery.id, col(Package.state).not_in(ENDED))
    if (await uow.session.exec(unanswered)).first() is None:
        delivery.state, delivery.closed_at = advance(DeliveryState(delivery.state), DeliveryState.CLOSED), now()
