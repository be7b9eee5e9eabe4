"""Note on which media the parts of a delivery were written, by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.agreement import Medium
from services.handover.domain.state import DeliveryState
from services.handover.errors import DeliveryNotOpen, DeliveryUnknown, MediumDiffers, MediumNotAgreed, PartUnknown
from services.handover.models import Agreement, Delivery, DeliveryPart, WrittenMedium
from shared.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Written:
    """What is told of a medium: what stands on its label, its serial number, and which parts are on it, in order."""

    label: str
    serial: str
    parts: Sequence[int]
    inventory_sha256: str


async def note_medium(uow: UnitOfWork, delivery_id: UUID, medium_id: UUID, told: Written) -> WrittenMedium:
    """Note a medium that was written and read back; the same told again is the same note.

    A closed delivery may be written once more: a disk gets lost after it was answered for. Raises DeliveryUnknown,
    MediumDiffers, MediumNotAgreed, DeliveryNotOpen, PartUnknown.
    """
    delivery = await uow.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise DeliveryUnknown
    known = await uow.session.get(WrittenMedium, medium_id)
    if known is not None:
        noted = Written(known.label, known.serial, known.parts, known.inventory_sha256)
        if known.delivery_id != delivery_id or noted != told:
            raise MediumDiffers(known.label)
        return known
    agreement = await uow.session.get_one(Agreement, delivery.agreement_id)
    if agreement.medium != Medium.MEDIA:
        raise MediumNotAgreed
    if delivery.opened_at is None or delivery.state == DeliveryState.RELEASED:
        raise DeliveryNotOpen(delivery.state)
    parts = await parts_of(uow, delivery_id, told.parts)
    medium = WrittenMedium(
        id=medium_id,
        delivery_id=delivery_id,
        label=told.label,
        serial=told.serial,
        parts=list(told.parts),
        package_count=sum(part.package_count for part in parts),
        byte_count=sum(part.byte_count for part in parts),
        inventory_sha256=told.inventory_sha256,
        written_by=uow.caller.name,
    )
    uow.session.add(medium)
    uow.record("delivery.medium_written", delivery_id, medium=medium_id, label=told.label, serial=told.serial)
    return medium


async def parts_of(uow: UnitOfWork, delivery_id: UUID, numbers: Sequence[int]) -> Sequence[DeliveryPart]:
    """Give parts of a delivery by their numbers. Raises PartUnknown."""
    asked = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id, col(DeliveryPart.number).in_(numbers))
    found = (await uow.session.exec(asked)).all()
    missing = set(numbers) - {part.number for part in found}
    if missing:
        raise PartUnknown(", ".join(str(each) for each in sorted(missing)[:20]))
    return found
