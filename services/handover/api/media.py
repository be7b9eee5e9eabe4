"""Media that deliveries are carried on, where that was agreed instead of pulling."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
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


def ascending(numbers: Iterable[int]) -> tuple[int, ...]:
    """Give numbers in their order, each once."""
    return tuple(sorted(set(numbers)))


class MediumIn(In):
    """A medium as whoever wrote it tells: its label, its serial number where it has one, the parts that are on it.

    `inventory_sha256` is of the file `inventory.sha256` on it.
    """

    label: Line
    serial: Serial = ""
    parts: Annotated[tuple[Ordinal, ...], Field(min_length=1, max_length=10_000), AfterValidator(ascending)]
    inventory_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class MediumOut(Out):
    """A medium that parts of a delivery were written onto and read back from."""

    id: UUID
    delivery_id: UUID
    label: str
    serial: str
    parts: list[int]
    package_count: int
    byte_count: int
    inventory_sha256: str
    written_by: str
    written_at: datetime


@router.put("/deliveries/{delivery_id}/media/{medium_id}")
async def note_medium(delivery_id: UUID, medium_id: UUID, body: MediumIn, uow: Uow) -> MediumOut:
    """Note a medium that was written; the id is of whoever wrote it, and the same note again is one note."""
    told = carrying.Written(body.label, body.serial, list(body.parts), body.inventory_sha256)
    return MediumOut.model_validate(await carrying.note_medium(uow, delivery_id, medium_id, told))


@router.get("/deliveries/{delivery_id}/media")
async def list_media(delivery_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[MediumOut]:
    """List the media that a delivery was written onto."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(WrittenMedium).where(WrittenMedium.delivery_id == delivery_id)
    rows, more = await portion.of(session, asked, WrittenMedium.id)
    return Listing(items=[MediumOut.model_validate(row) for row in rows], next=more)
