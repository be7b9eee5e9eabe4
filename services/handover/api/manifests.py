"""What was frozen of a delivery: its manifest, the signature over that, its parts."""

import base64
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from services.handover.api.deliveries import visible_delivery
from services.handover.api.here import Here
from services.handover.domain.conditions import Outcome, outcome_of
from services.handover.errors import ManifestMissing, ManifestUnsigned
from services.handover.models import DeliveryPart, ManifestPortion
from shared.auth.guard import guarded_router
from shared.database import Database
from shared.delivery.manifest import FILE, MEDIA_TYPE, SIGNATURE, SIGNATURE_MEDIA_TYPE
from shared.edge import Calling, Reading
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class PartOut(Out):
    """A numbered part of a delivery: the packages whose `part` it is."""

    number: int
    package_count: int
    page_count: int
    byte_count: int


@router.get("/deliveries/{delivery_id}/parts")
async def list_parts(delivery_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[PartOut]:
    """List the parts of a delivery; there are none before its manifest is frozen."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id)
    rows, more = await portion.of(session, asked, DeliveryPart.number)
    return Listing(items=[PartOut.model_validate(row) for row in rows], next=more)


@router.get(f"/deliveries/{{delivery_id}}/{FILE}", response_class=Response)
async def read_manifest(delivery_id: UUID, request: Request, session: Reading, caller: Calling, here: Here) -> Response:
    """Give the frozen manifest: a line about the delivery, then a line a package."""
    delivery = await visible_delivery(session, delivery_id, caller)
    if delivery.manifest_sha256 is None:
        raise ManifestMissing
    etag = f'"{delivery.manifest_sha256}"'
    digest = base64.b64encode(bytes.fromhex(delivery.manifest_sha256)).decode()
    headers = {
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": f'attachment; filename="{FILE}"',
        "Cache-Control": "private, no-transform",
    }
    if outcome_of(None, request.headers.get("if-none-match"), etag) is Outcome.HELD:
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(delivery.manifest_size)
    return StreamingResponse(portions(here.database, delivery_id), headers=headers, media_type=MEDIA_TYPE)


async def portions(database: Database, delivery_id: UUID) -> AsyncIterator[bytes]:
    """Read a manifest portion by portion, holding on to the database for none of the time in between."""
    place = -1
    while True:
        async with database.reading() as session:
            asked = select(ManifestPortion).where(
                ManifestPortion.delivery_id == delivery_id, col(ManifestPortion.place) == place + 1
            )
            found = (await session.exec(asked)).first()
        if found is None:
            return
        yield found.content
        place = found.place


@router.get(f"/deliveries/{{delivery_id}}/{SIGNATURE}", response_class=Response)
async def read_manifest_signature(delivery_id: UUID, session: Reading, caller: Calling) -> Response:
    """Give the signature over the manifest: CAdES, detached, DER."""
    delivery = await visible_delivery(session, delivery_id, caller)
    if delivery.manifest_sha256 is None:
        raise ManifestMissing
    if delivery.signature is None:
        raise ManifestUnsigned
    headers = {
        "Content-Disposition": f'attachment; filename="{SIGNATURE}"',
        "Cache-Control": "private, no-transform",
    }
    return Response(delivery.signature, headers=headers, media_type=SIGNATURE_MEDIA_TYPE)
