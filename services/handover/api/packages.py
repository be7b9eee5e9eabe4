"""Packages: listed, and pulled in any byte range."""

import base64
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import defer
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.api.deliveries import GivingUpIn, visible_delivery
from services.handover.api.here import Here
from services.handover.context import Context
from services.handover.domain.conditions import Outcome, outcome_of
from services.handover.domain.holding import Holding
from services.handover.domain.layout import Form
from services.handover.domain.ranges import wanted_of
from services.handover.domain.state import DeliveryState, PackageState
from services.handover.domain.visible import is_only_receiver
from services.handover.errors import (
    DeliveryReleased,
    DeliveryUnknown,
    PackageChanged,
    PackageNotOffered,
    PackageUnknown,
    RangeBeyondEnd,
)
from services.handover.models import Package
from services.handover.operations import withdrawing
from services.handover.operations.older_layouts import layout_of
from services.handover.operations.quarantining import demand_sound
from services.handover.operations.reading import read_package
from services.handover.operations.unlisting import demand_listed
from shared.auth.guard import guarded_router
from shared.eark.virtual_tar import tar_size
from shared.edge import Calling, Reading, Uow
from shared.paging import Asked
from shared.uow import Caller
from shared.wire import Listing, Out

router: APIRouter = guarded_router()
MEDIA_TYPES = {Form.ZIP: "application/zip", Form.TAR: "application/x-tar"}
WITHOUT_LAYOUT = defer(Package.layout)  # type: ignore[arg-type] # a column; of a large package it is megabytes
PULLABLE = frozenset({PackageState.OFFERED, PackageState.ACCEPTED, PackageState.REJECTED})


class PackageOut(Out):
    """A package of a delivery; size and digest are of its ZIP, None until it is laid out and until every byte was
    read, `part` until all were.

    `sibling_of` is the package beside which this one brings the masters. `predecessor` is the OBJID of the package
    that it follows on: rejected, outdated, or delivered with it before; `dossier_version` is of the approval whose
    description it tells; `reason` is of a withdrawn one.
    """

    id: UUID
    delivery_id: UUID
    dossier_id: UUID
    number: int
    part: int | None
    objid: str
    predecessor: str | None
    dossier_version: int
    holds: Holding
    sibling_of: UUID | None
    state: PackageState
    page_count: int
    size: int | None
    sha256: str | None
    restorable_until: date | None
    reason: str


@router.get("/deliveries/{delivery_id}/packages")
async def list_packages(delivery_id: UUID, session: Reading, caller: Calling, portion: Asked) -> Listing[PackageOut]:
    """List the packages of a delivery by number."""
    await visible_delivery(session, delivery_id, caller)
    asked = select(Package).where(Package.delivery_id == delivery_id).options(WITHOUT_LAYOUT)
    rows, more = await portion.of(session, asked, Package.number)
    return Listing(items=[PackageOut.model_validate(row) for row in rows], next=more)


@router.head("/packages/{package_id}/content", response_class=Response)
@router.get("/packages/{package_id}/content", response_class=Response)
async def read_content(
    package_id: UUID, request: Request, session: Reading, caller: Calling, here: Here, form: Form = Form.ZIP
) -> Response:
    """Give a package's ZIP or TAR, or a range of it (RFC 9110), straight from the stores."""
    package = await visible_package(session, package_id, caller)
    await demand_sound(session, [package])
    await demand_listed(session, [package])
    size, etag, headers = await told_of(here, package, form)
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
        return Response(status_code=status, headers=headers, media_type=MEDIA_TYPES[form])
    body = read_package(here, package, wanted.start, wanted.length, form)
    return StreamingResponse(body, status, headers, media_type=MEDIA_TYPES[form])


async def told_of(here: Context, package: Package, form: Form) -> tuple[int, str, dict[str, str]]:
    """Give the size and the strong tag of a package's ZIP or TAR, and what every answer about it says.

    Nobody has read the TAR as a whole, so nothing is said of its digest. Raises CopiesDamaged.
    """
    size, etag, name = package.size or 0, f'"{package.sha256}"', package.file_name
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-transform"}
    if form is Form.TAR:
        laid = await layout_of(here, package.id)
        size, etag = tar_size(laid.tar_end), f'"{package.sha256}-tar-{laid.mark[:32]}"'
        name = f"{name.removesuffix('.zip')}.tar"
    else:
        digest = base64.b64encode(bytes.fromhex(package.sha256 or "")).decode()
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return size, etag, {**headers, "ETag": etag, "Content-Disposition": f'attachment; filename="{name}"'}


def told(request: Request, header: str) -> str | None:
    """Give a header whose lines make one list (RFC 9110 §5.3), or None when it is absent."""
    return ", ".join(request.headers.getlist(header)) or None


@router.post("/packages/{package_id}/withdrawal")
async def withdraw_package(package_id: UUID, body: GivingUpIn, uow: Uow) -> PackageOut:
    """Leave a package out of a delivery that was not opened; its dossier is free for another one."""
    return PackageOut.model_validate(await withdrawing.withdraw_package(uow, package_id, body.reason))


async def visible_package(
    session: AsyncSession, package_id: UUID, caller: Caller, *, is_for_content: bool = True
) -> Package:
    """Give a built package that the caller may see. Raises PackageUnknown, PackageNotOffered, DeliveryReleased."""
    package = await session.get(Package, package_id, options=[WITHOUT_LAYOUT])
    if package is None:
        raise PackageUnknown
    try:
        delivery = await visible_delivery(session, package.delivery_id, caller)
    except DeliveryUnknown as hidden:
        raise PackageUnknown from hidden
    if package.sha256 is None or (is_only_receiver(caller) and package.state not in PULLABLE):
        raise PackageNotOffered
    if is_for_content and delivery.state == DeliveryState.RELEASED:
        raise DeliveryReleased
    return package
