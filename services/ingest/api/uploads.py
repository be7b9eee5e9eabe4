"""Resumable uploads of large pages: tus 1.0 with creation, checksum and termination."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.ingest.api.pages import PageReceiptOut, receipt_of
from services.ingest.context import Context
from services.ingest.domain import tus
from services.ingest.domain.announcement import number_of
from services.ingest.errors import LengthMissing
from services.ingest.operations import uploading
from services.ingest.upload_models import Upload
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling
from shared.errors import Refused
from shared.service import context_of

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
SPOKEN = {"Tus-Resumable": tus.VERSION}


@router.options("/uploads", status_code=204)
async def tus_options(here: Here) -> Response:
    """Say which parts of tus are spoken here."""
    return Response(
        status_code=204,
        headers={
            **SPOKEN,
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Checksum-Algorithm": tus.CHECKSUMS,
            "Tus-Max-Size": str(here.largest_page),
        },
    )


@router.post("/uploads", status_code=201, response_model=None)
async def create_upload(request: Request, response: Response, here: Here, caller: Calling) -> Response | PageReceiptOut:
    """Open an upload; when these very bytes are here already the answer is 200 with their receipt."""
    tus.demand_version(request.headers)
    metadata = tus.metadata_of(request.headers)
    announced = tus.announcement_of(request.headers, metadata, largest=here.largest_page)
    made = await uploading.create_upload(here, caller, tus.target_of(metadata), announced)
    if isinstance(made, Upload):
        location = f"{request.scope.get('root_path', '')}/uploads/{made.id}"
        return Response(status_code=201, headers={**SPOKEN, "Location": location, "Upload-Offset": "0"})
    response.headers.update(SPOKEN)
    return receipt_of(here, made, response)


@router.head("/uploads/{upload_id}")
async def read_upload(upload_id: UUID, request: Request, here: Here, caller: Calling) -> Response:
    """Say how many bytes of an upload are safely held."""
    tus.demand_version(request.headers)
    upload = await uploading.find_upload(here, caller, upload_id)
    return Response(headers={**where(upload.held), "Upload-Length": str(upload.size), "Cache-Control": "no-store"})


@router.patch("/uploads/{upload_id}", openapi_extra=STREAMS, response_model=None)
async def append_upload(
    upload_id: UUID, request: Request, response: Response, here: Here, caller: Calling
) -> Response | PageReceiptOut:
    """Take the next part; the last one makes the page, and its answer (200) carries the receipt."""
    tus.demand_version(request.headers)
    if request.headers.get("content-type") != tus.PART_TYPE:
        raise Refused(f"parts are {tus.PART_TYPE}")
    upload = await uploading.find_upload(here, caller, upload_id)
    if "content-length" not in request.headers:
        raise LengthMissing
    start, size = number_of(request.headers, "Upload-Offset"), number_of(request.headers, "Content-Length")
    held = upload.held
    if not (start == held == upload.size and size == 0):
        body = body_of(request, here.slowest_seconds)
        checksum = tus.checksum_of(request.headers)
        held = await uploading.append(here, upload, start, body, size, checksum)
    if held < upload.size:
        return Response(status_code=204, headers=where(held))
    receipt = receipt_of(here, await uploading.finish(here, caller, upload), response)
    response.status_code = 200
    response.headers.update(where(held))
    return receipt


@router.delete("/uploads/{upload_id}", status_code=204)
async def cancel_upload(upload_id: UUID, request: Request, here: Here, caller: Calling) -> Response:
    """Give an upload up and drop its parts."""
    tus.demand_version(request.headers)
    upload = await uploading.find_upload(here, caller, upload_id)
    await uploading.forget(here, upload.id)
    return Response(status_code=204, headers=SPOKEN)


def where(held: int) -> dict[str, str]:
    """Say where an upload stands."""
    return {**SPOKEN, "Upload-Offset": str(held)}
