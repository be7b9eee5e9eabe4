"""Enter receipts that were carried here: a receiver without a network signs them into a file, and an officer enters it.

Nobody at the centre can answer for the receiver: only a receipt that is signed with the agreed key is taken, and it is
kept who entered it.
"""

from uuid import UUID

from services.handover.domain.receipt_errors import PackageOfAnotherDelivery, ReceiptMisaddressed
from services.handover.errors import DeliveryUnknown, PackageNotOffered, ReceiptUnsigned
from services.handover.models import Agreement, Delivery, Receipt
from services.handover.operations.receiving import Answer, take
from services.handover.operations.withdrawing import locked_package
from shared.uow import UnitOfWork


async def enter_receipt(uow: UnitOfWork, delivery_id: UUID, package_id: UUID, objid: str, said: Answer) -> Receipt:
    """Take an answer that was carried here; the same answer again, however it came, is the same receipt.

    Raises DeliveryUnknown, PackageUnknown, PackageOfAnotherDelivery, ReceiptMisaddressed, ReceiptUnsigned, and as
    `put_receipt` does.
    """
    if await uow.session.get(Delivery, delivery_id) is None:
        raise DeliveryUnknown
    delivery, package = await locked_package(uow, package_id)
    if delivery.id != delivery_id:
        raise PackageOfAnotherDelivery(package.objid)
    if package.objid != objid:
        raise ReceiptMisaddressed(package.objid)
    if delivery.opened_at is None:
        raise PackageNotOffered
    if not said.signature:
        raise ReceiptUnsigned
    agreement = await uow.session.get_one(Agreement, delivery.agreement_id)
    return await take(uow, delivery, package, said, receiver=agreement.receiver_name, entered_by=uow.caller.name)
