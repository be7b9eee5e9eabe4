"""Media that deliveries are carried on, where that was agreed instead of pulling."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field, StringConstraints
from sqlmodel import select

from services.handover.api.deliveries import visible_delivery
from services.handover.models import WrittenMedium
from services.handover.operations import carrying
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.wire import In, Line, Listing, Ordinal, Out, without_nul

router: APIRouter = guarded_router()
Serial = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(without_nul)]


Ranked = TypeVar("Ranked", int, UUID)


def ascending(told: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """Give numbers or ids in their order, each once."""
    return tuple(sorted(set(told)))


class MediumIn(In):
    """A medium as whoever wrote it tells: its label, its serial number where it has one, the parts that are on it.

    `inventory_sha256` is of the file `inventory.sha256` on it. `left_out` names the packages of these parts that are
    not on it: they were kept back when it was written.
    """

    label: Line
    serial: Serial = ""
    parts: Annotated[tuple[Ordinal, ...], Field(min_length=1, max_length=10_000), AfterValidator(ascending)]
    inventory_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    left_out: Annotated[tuple[UUID, ...], Field(max_length=10_000), AfterValidator(ascending)] = ()


class MediumOut(Out):
    """A medium that parts of a delivery were written onto and read back from; what was left out is not counted."""

    id: UUID
    delivery_id: UUID
    label: str
    serial: str
    parts: list[int]
    left_out: list[UUID]
    package_count: int
    byte_count: int
    inventory_sha256: str
    written_by: str
    written_at: datetime


@router.put("/deliveries/{delivery_id}/media/{medium_id}")
async def note_medium(delivery_id: UUID, medium_id: UUID, body: MediumIn, uow: Uow) -> MediumOut:
    """Note a medium that was written; the id is of whoever wrote it, and the same note again is one note.

    A medium that was written anew, with packages that were kept back before or without some that are now, is told by
    the same label, serial number and parts: then the last note holds.
    """
    left_out = [str(each) for each in body.left_out]
    told = carrying.Written(body.label, body.serial, list(body.parts), body.inventory_sha256, left_out)
    return MediumOut.model_validate(await carrying.note_medium(uow, delivery_id, medium_id, told))


@router.get("/deliveries/{delivery_id}/media")
async def list_media(delivery_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[MediumOut]:
    """List the media that a delivery was written onto."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(WrittenMedium).where(WrittenMedium.delivery_id == delivery_id)
    rows, more = await portion.of(session, asked, WrittenMedium.id)
    return Listing(items=[MediumOut.model_validate(row) for row in rows], next=more)
