"""Note on which media the parts of a delivery were written, by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.agreement import Medium
from services.handover.domain.media_errors import LeftOutUnknown
from services.handover.domain.state import DeliveryState
from services.handover.errors import DeliveryNotOpen, DeliveryUnknown, MediumDiffers, MediumNotAgreed, PartUnknown
from services.handover.models import Agreement, Delivery, DeliveryPart, Package, WrittenMedium
from shared.uow import UnitOfWork

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What is told of a medium: what stands on its label, its serial number, and which parts are on it, in order.

    `left_out` are the ids of the packages of those parts that were kept back, in order.
    """

    label: str
    serial: str
    parts: Sequence[int]
    inventory_sha256: str
    left_out: Sequence[str] = ()


async def note_medium(uow: UnitOfWork, delivery_id: UUID, medium_id: UUID, told: Written) -> WrittenMedium:
    """Note a medium that was written and read back; the same told again is the same note.

    A closed delivery may be written once more: a disk gets lost after it was answered for. A medium may be written
    anew, where a package of it came to be kept back or is served again: the last note of it holds. Raises
    DeliveryUnknown, MediumDiffers, MediumNotAgreed, DeliveryNotOpen, PartUnknown, LeftOutUnknown.
    """
    delivery = await uow.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise DeliveryUnknown
    known = await uow.session.get(WrittenMedium, medium_id)
    if known is not None:
        demand_same(known, delivery_id, told)
        if (known.inventory_sha256, known.left_out) == (told.inventory_sha256, told.left_out):
            return known
    agreement = await uow.session.get_one(Agreement, delivery.agreement_id)
    if agreement.medium != Medium.MEDIA:
        raise MediumNotAgreed
    if delivery.opened_at is None or delivery.state == DeliveryState.RELEASED:
        raise DeliveryNotOpen(delivery.state)
    parts, sizes = await parts_of(uow, delivery_id, told.parts), await sizes_of(uow, delivery_id, told)
    medium = WrittenMedium(
        id=medium_id,
        delivery_id=delivery_id,
        label=told.label,
        serial=told.serial,
        parts=list(told.parts),
        left_out=list(told.left_out),
        package_count=sum(part.package_count for part in parts) - len(sizes),
        byte_count=sum(part.byte_count for part in parts) - sum(sizes),
        inventory_sha256=told.inventory_sha256,
        written_by=uow.caller.name,
    )
    noted = await uow.session.merge(medium)
    uow.record(
        "delivery.medium_written",
        delivery_id,
        medium=medium_id,
        label=told.label,
        serial=told.serial,
        left_out=len(told.left_out),
    )
    return noted


def demand_same(known: WrittenMedium, delivery_id: UUID, told: Written) -> None:
    """Demand that a note is about the medium that was noted, whatever is on it now. Raises MediumDiffers."""
    noted = (known.delivery_id, known.label, known.serial, known.parts)
    if noted != (delivery_id, told.label, told.serial, told.parts):
        raise MediumDiffers(known.label)


async def sizes_of(uow: UnitOfWork, delivery_id: UUID, told: Written) -> Sequence[int]:
    """Give the sizes of the packages that were left out. Raises LeftOutUnknown."""
    found: dict[str, int] = {}
    for begin in range(0, len(told.left_out), AT_ONCE):
        asked = select(Package.id, Package.size).where(
            Package.delivery_id == delivery_id,
            col(Package.part).in_(told.parts),
            col(Package.id).in_([UUID(each) for each in told.left_out[begin : begin + AT_ONCE]]),
        )
        found |= {str(package_id): size or 0 for package_id, size in await uow.session.exec(asked)}
    if missing := sorted(set(told.left_out) - found.keys()):
        raise LeftOutUnknown(", ".join(missing[:20]))
    return list(found.values())


async def parts_of(uow: UnitOfWork, delivery_id: UUID, numbers: Sequence[int]) -> Sequence[DeliveryPart]:
    """Give parts of a delivery by their numbers. Raises PartUnknown."""
    asked = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id, col(DeliveryPart.number).in_(numbers))
    found = (await uow.session.exec(asked)).all()
    missing = set(numbers) - {part.number for part in found}
    if missing:
        raise PartUnknown(", ".join(str(each) for each in sorted(missing)[:20]))
    return found
