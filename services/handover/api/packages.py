"""Packages: listed, pulled in any byte range, answered for."""

import base64
import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.api.deliveries import GivingUpIn, is_only_receiver, visible_delivery
from services.handover.context import Context
from services.handover.domain.ranges import wanted_of
from services.handover.domain.state import PackageState
from services.handover.errors import DeliveryUnknown, PackageNotOffered, PackageUnknown
from services.handover.models import Package, Receipt
from services.handover.operations import delivering, withdrawing
from services.handover.operations.reading import read_zip
from shared.auth.guard import guarded_router
from shared.edge import Calling, Cursor, Limit, Reading, Uow
from shared.service import context_of
from shared.uow import Caller
from shared.wire import In, Line, Listing, Out, cursor_of, number_of

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
PULLABLE = frozenset({PackageState.OFFERED, PackageState.ACCEPTED, PackageState.REJECTED})


class PackageOut(Out):
    """A package of a delivery; size and digest are of its ZIP, None until it is built; `reason` of a withdrawn one."""

    id: UUID
    delivery_id: UUID
    dossier_id: UUID
    part: int
    objid: str
    state: PackageState
    page_count: int
    size: int | None
    sha256: str | None
    reason: str


class ReceiptIn(In):
    """The receiver's answer: which bytes were verified, and why they were rejected, if they were."""

    answer: Literal["accepted", "rejected"]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    reasons: Annotated[tuple[Line, ...], Field(max_length=1000)] = ()


class ReceiptOut(Out):
    """The receiver's answer as it was taken."""

    package_id: UUID
    answer: Literal["accepted", "rejected"]
    sha256: str
    reasons: list[str]
    receiver: str
    received_at: datetime


@router.get("/deliveries/{delivery_id}/packages")
async def list_packages(
    delivery_id: UUID, session: Reading, caller: Calling, limit: Limit = 100, cursor: Cursor = None
) -> Listing[PackageOut]:
    """List the packages of a delivery by part."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(Package).where(Package.delivery_id == delivery_id).order_by(col(Package.part)).limit(limit)
    if cursor:
        asked = asked.where(Package.part > number_of(cursor))
    rows = (await session.exec(asked)).all()
    more = cursor_of(rows[-1].part) if len(rows) == limit else None
    return Listing(items=[PackageOut.model_validate(row) for row in rows], next=more)


@router.head("/packages/{package_id}/content", include_in_schema=False, response_class=Response)
@router.get("/packages/{package_id}/content", response_class=Response)
async def read_content(package_id: UUID, request: Request, session: Reading, caller: Calling, here: Here) -> Response:
    """Give a package's ZIP, or a range of it (RFC 9110), straight from the stores."""
    package = await visible_package(session, package_id, caller)
    etag, size = f'"{package.sha256}"', package.size or 0
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(package.sha256 or '')).decode()}:",
        "Content-Disposition": f'attachment; filename="{package.part:04d}-{package.objid}.zip"',
        "Cache-Control": "private, no-transform",
    }
    if request.headers.get("if-none-match") in (etag, "*"):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if request.headers.get("if-range", etag) == etag else None
    wanted = wanted_of(asked, size)
    if wanted is None:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(wanted.length)
    if wanted.is_part:
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.start + wanted.length - 1}/{size}"
    status = 206 if wanted.is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="application/zip")
    body = read_zip(here, package, wanted.start, wanted.length)
    return StreamingResponse(body, status, headers, media_type="application/zip")


@router.post("/packages/{package_id}/withdrawal")
async def withdraw_package(package_id: UUID, body: GivingUpIn, uow: Uow) -> PackageOut:
    """Leave a package out of a delivery that was not opened; its dossier is free for another one."""
    return PackageOut.model_validate(await withdrawing.withdraw_package(uow, package_id, body.reason))


@router.put("/packages/{package_id}/receipt")
async def put_receipt(package_id: UUID, body: ReceiptIn, uow: Uow) -> ReceiptOut:
    """Answer for a package: accepted, or rejected with reasons."""
    taken: Receipt = await delivering.put_receipt(uow, package_id, body.answer, body.sha256, body.reasons)
    return ReceiptOut(**taken.model_dump(exclude={"reasons"}), reasons=json.loads(taken.reasons))


async def visible_package(session: AsyncSession, package_id: UUID, caller: Caller) -> Package:
    """Give a built package that the caller may pull. Raises PackageUnknown, PackageNotOffered."""
    package = await session.get(Package, package_id)
    if package is None:
        raise PackageUnknown
    try:
        await visible_delivery(session, package.delivery_id, caller)
    except DeliveryUnknown as hidden:
        raise PackageUnknown from hidden
    if package.sha256 is None or (is_only_receiver(caller) and package.state not in PULLABLE):
        raise PackageNotOffered
    return package
