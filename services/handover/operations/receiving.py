"""Take the receiver's answers: each for one package, once, signed as was agreed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.reasons import demand_reasons, told
from services.handover.domain.restorable import restorable_until
from services.handover.domain.state import ENDED, DeliveryState, PackageState, advance
from services.handover.errors import (
    DigestUnexpected,
    PackageNotOffered,
    PackageUnknown,
    ReceiptDiffers,
    ReceiptForged,
    ReceiptUnsigned,
)
from services.handover.models import Agreement, Delivery, Package, PreservedDossier, Receipt
from services.handover.operations.correcting import ask_for_correction, settle_corrections
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.unlisting import demand_listed
from services.handover.operations.withdrawing import locked_package
from shared.clock import day_in_vietnam, now
from shared.delivery.receipt import ReceiptRefused, demand_signed, statement
from shared.events.handover import PackageReceived
from shared.ids import DeliveryId, DossierId, PackageId
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver says of a package: accepted or rejected, which bytes it looked at, why, and its signature."""

    answer: str
    sha256: str
    reasons: Sequence[Mapping[str, str]]
    signature: str


async def put_receipt(uow: UnitOfWork, package_id: UUID, said: Answer) -> Receipt:
    """Take the receiver's answer for a package; the same answer again is the same receipt.

    Raises PackageUnknown, PackageNotOffered, ReasonMissing, ReasonUnexpected, ReasonUnknown, ReasonNoteMissing,
    ReceiptUnsigned, ReceiptForged, DigestUnexpected, ReceiptDiffers, DossierQuarantined, DossierWithdrawn.
    """
    delivery, package = await locked_package(uow, package_id)
    if delivery.receiver_id != uow.caller.account_id or delivery.opened_at is None:
        raise PackageUnknown
    return await take(uow, delivery, package, said, receiver=uow.caller.name)


async def take(
    uow: UnitOfWork, delivery: Delivery, package: Package, said: Answer, *, receiver: str, entered_by: str = ""
) -> Receipt:
    """Take an answer for a locked package; what is kept back can be rejected only. Raises as `put_receipt` does."""
    demand_reasons(said.answer, said.reasons)
    await demand_signature(uow, delivery, package, said)
    reasons = json.dumps([dict(each) for each in said.reasons], ensure_ascii=False)
    known = await uow.session.get(Receipt, package.id)
    if known is not None:
        if (known.answer, known.sha256, known.reasons) != (said.answer, said.sha256, reasons):
            raise ReceiptDiffers(known.answer)
        return known
    if package.state != PackageState.OFFERED:
        raise PackageNotOffered
    if said.answer == "accepted":
        await demand_acceptable(uow, package, said)
    receipt = Receipt(
        package_id=package.id,
        answer=said.answer,
        sha256=said.sha256,
        reasons=reasons,
        receiver=receiver,
        entered_by=entered_by,
        signature=said.signature,
    )
    uow.session.add(receipt)
    package.state = PackageState(said.answer)
    await settle(uow, package, delivery, said)
    return receipt


async def demand_acceptable(uow: UnitOfWork, package: Package, said: Answer) -> None:
    """Refuse to have accepted what is not what was offered, or what nobody is given: its digest stands in every list.

    Raises DossierQuarantined, DossierWithdrawn, DigestUnexpected.
    """
    await demand_sound(uow.session, [package])
    await demand_listed(uow.session, [package])
    if said.sha256 != package.sha256:
        raise DigestUnexpected


async def demand_signature(uow: UnitOfWork, delivery: Delivery, package: Package, said: Answer) -> None:
    """Hold an answer's signature against the key that was agreed. Raises ReceiptUnsigned, ReceiptForged."""
    agreement = await uow.session.get_one(Agreement, delivery.agreement_id)
    if not agreement.receipt_key:
        if said.signature:  # nobody could say whose it is, and it would look as if somebody had
            raise ReceiptForged("no key was agreed")
        return
    if not said.signature:
        raise ReceiptUnsigned
    stated = statement(package.id, package.objid, said.answer, said.sha256, said.reasons)
    try:
        demand_signed(stated, said.signature, agreement.receipt_key)
    except ReceiptRefused as refused:
        raise ReceiptForged(str(refused)) from refused


async def settle(uow: UnitOfWork, package: Package, delivery: Delivery, said: Answer) -> None:
    """Tell of the answer; free a rejected dossier for another delivery; close a delivery that is wholly answered."""
    accepted = package.state == PackageState.ACCEPTED
    words = tuple(told(each) for each in said.reasons)
    package.restorable_until = restorable_until(day_in_vietnam(now()))
    uow.record("receipt.taken", package.id, answer=package.state, reasons=[dict(each) for each in said.reasons])
    if not package.sibling_of:  # its dossier's pages are told of once, with the package beside it
        uow.publish(
            PackageReceived(
                package_id=PackageId(package.id),
                delivery_id=DeliveryId(delivery.id),
                dossier_id=DossierId(package.dossier_id),
                page_count=package.page_count,
                answer="accepted" if accepted else "rejected",
                reasons=words,
            )
        )
    if accepted:
        await settle_corrections(uow, package.id)
    else:
        dossier = await uow.session.get_one(PreservedDossier, package.dossier_id, with_for_update=True)
        dossier.package_id = None
        ask_for_correction(uow, package)
    await uow.session.flush()
    unanswered = select(Package.id).where(Package.delivery_id == delivery.id, col(Package.state).not_in(ENDED))
    if (await uow.session.exec(unanswered)).first() is None:
        delivery.state, delivery.closed_at = advance(DeliveryState(delivery.state), DeliveryState.CLOSED), now()
