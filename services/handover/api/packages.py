"""Packages: listed, pulled in any byte range, answered for."""

import base64
import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.api.deliveries import GivingUpIn, is_only_receiver, visible_delivery
from services.handover.context import Context
from services.handover.domain.conditions import Outcome, outcome_of
from services.handover.domain.holding import Holding
from services.handover.domain.ranges import wanted_of
from services.handover.domain.state import PackageState
from services.handover.errors import DeliveryUnknown, PackageChanged, PackageNotOffered, PackageUnknown, RangeBeyondEnd
from services.handover.models import Package, Receipt
from services.handover.operations import delivering, withdrawing
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.reading import read_zip
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.service import context_of
from shared.uow import Caller
from shared.wire import In, Line, Listing, Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
PULLABLE = frozenset({PackageState.OFFERED, PackageState.ACCEPTED, PackageState.REJECTED})


class PackageOut(Out):
    """A package of a delivery; size and digest are of its ZIP, None until it is built; `reason` of a withdrawn one.

    `sibling_of` is the package beside which this one brings the masters.
    """

    id: UUID
    delivery_id: UUID
    dossier_id: UUID
    part: int
    objid: str
    holds: Holding
    sibling_of: UUID | None
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
async def list_packages(delivery_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[PackageOut]:
    """List the packages of a delivery by part."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(Package).where(Package.delivery_id == delivery_id)
    rows, more = await portion.of(session, asked, Package.part)
    return Listing(items=[PackageOut.model_validate(row) for row in rows], next=more)


@router.head("/packages/{package_id}/content", response_class=Response)
@router.get("/packages/{package_id}/content", response_class=Response)
async def read_content(package_id: UUID, request: Request, session: Reading, caller: Calling, here: Here) -> Response:
    """Give a package's ZIP, or a range of it (RFC 9110), straight from the stores."""
    package = await visible_package(session, package_id, caller)
    await demand_sound(session, [package.dossier_id])
    etag, size, headers = f'"{package.sha256}"', package.size or 0, headers_of(here, package)
    outcome = outcome_of(told(request, "if-match"), told(request, "if-none-match"), etag)
    if outcome is Outcome.ANOTHER:
        raise PackageChanged
    if outcome is Outcome.HELD:
        return Response(status_code=304, headers=headers)
    is_range = request.method == "GET" and request.headers.get("if-range", etag) == etag
    wanted = wanted_of(told(request, "range") if is_range else None, size)
    if wanted is None:
        raise RangeBeyondEnd(size)
    headers["Content-Length"] = str(wanted.length)
    if wanted.is_part:
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.start + wanted.length - 1}/{size}"
    status = 206 if wanted.is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="application/zip")
    body = read_zip(here, package, wanted.start, wanted.length)
    return StreamingResponse(body, status, headers, media_type="application/zip")


def headers_of(here: Context, package: Package) -> dict[str, str]:
    """Give what every answer about a package's content says of it."""
    form = here.form if package.holds == Holding.READINGS else here.masters_form
    name = form.zip_name_of(package.objid, package.part)
    return {
        "ETag": f'"{package.sha256}"',
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(package.sha256 or '')).decode()}:",
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Cache-Control": "private, no-transform",
    }


def told(request: Request, header: str) -> str | None:
    """Give a header whose lines make one list (RFC 9110 §5.3), or None when it is absent."""
    return ", ".join(request.headers.getlist(header)) or None


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
