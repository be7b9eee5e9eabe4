"""A page for viewers that zoom: IIIF Image API 3.0, level 1 (iiif.io/api/image/3.0).

It is cut from the reading copy, and from the master where a page is larger than A3, as maps and drawings are. What is
cut is cut in the sandbox, for the copy too was written by a process that had decoded a stranger's file.

Viewers on pages of another origin may ask (IIIF Image API 3.0, 7.1): a browser learns so before it sends the token.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from services.qc.api.pages import Here, checked_version, seen_by
from services.qc.domain.iiif import Size, cutting_of, information
from services.qc.domain.paper import paper_of
from services.qc.models import PageCheck
from services.qc.operations.looking import picture_key
from shared.auth.guard import GuardedRoute, guarded_router
from shared.edge import Calling, Reading
from shared.errors import ArchiveError, NotFound
from shared.imaging.measurement import Measures
from shared.imaging.resolution import true_resolution

LARGEST_FROM_COPY = 2  # A4 equivalents: A3
OPEN = {"Access-Control-Allow-Origin": "*"}  # a token is needed all the same, and no cookie goes with it
PREFLIGHT = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Authorization, Accept, Accept-Language",
    "Access-Control-Max-Age": "7200",
}
PROFILE = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'


class ViewerRoute(GuardedRoute):
    """A guarded route whose refusals, too, may be read by pages of another origin."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Let refusals say so."""
        handle = super().get_route_handler()

        async def readable(request: Request) -> Response:
            try:
                return await handle(request)
            except ArchiveError as refusal:
                refusal.headers = {**refusal.headers, **OPEN}
                raise

        return readable


router: APIRouter = guarded_router()
router.route_class = ViewerRoute


@router.options("/iiif/{address:path}", status_code=204, response_class=Response)
async def preflight_image(address: str) -> Response:
    """Tell a browser that pages of another origin may ask here; it says nothing of what is there."""
    return Response(status_code=204, headers=PREFLIGHT)


@router.get("/iiif/{page_id}", response_class=RedirectResponse, status_code=303)
async def redirect_to_image(page_id: UUID, request: Request) -> RedirectResponse:
    """Lead to the image's information."""
    return RedirectResponse(f"{request.url.path.rstrip('/')}/info.json", status_code=303, headers=OPEN)


@router.get("/iiif/{page_id}/info.json", response_class=JSONResponse)
async def describe_image(page_id: UUID, request: Request, session: Reading) -> JSONResponse:
    """Tell a viewer how large the newest image of a page is and what it may ask for."""
    address = str(request.url.replace(query="")).removesuffix("/info.json")
    wants_linked = "application/ld+json" in request.headers.get("accept", "")
    check = await checked_version(session, page_id, None)
    told = information(address, size_of(measures_of(check)))
    headers = {**OPEN, "Content-Type": PROFILE if wants_linked else "application/json", "Vary": "Accept"}
    return JSONResponse(told, headers=headers)


@router.get("/iiif/{page_id}/{region}/{size}/{rotation}/{quality}", response_class=Response)
async def read_image(  # noqa: PLR0913 - the address has so many parts
    page_id: UUID, region: str, size: str, rotation: str, quality: str, session: Reading, here: Here, caller: Calling
) -> Response:
    """Give a part of the newest image of a page, in a size, as JPEG."""
    check = await checked_version(session, page_id, None)
    measures = measures_of(check)
    cutting = cutting_of(size_of(measures), region, size, rotation, quality)
    if is_large(measures):
        fill = partial(here.incoming.copy_to, check.key)
    else:
        fill = partial(here.derived.copy_to, picture_key(check, "reading"))
    await seen_by(here, caller, session, check)
    await session.close()  # many viewers wait for one sandbox, and none may hold a connection meanwhile
    seen = await here.viewing.cut(fill, cutting)
    if seen.cutting is None:
        raise NotFound("there is no picture of this page")
    headers = {**OPEN, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
    return Response(seen.cutting, media_type="image/jpeg", headers=headers)


def measures_of(check: PageCheck) -> Measures:
    """Give what was measured of a page. Raises NotFound for one that only an older version has measured."""
    try:
        return Measures.model_validate(check.measures)
    except ValidationError as older:
        raise NotFound("this page was checked before its picture could be cut; its reading copy is there") from older


def is_large(measures: Measures) -> bool:
    """Say whether a page is larger than A3."""
    tag = (measures.dpi_x, measures.dpi_y) if measures.dpi_x and measures.dpi_y else None
    dpi = true_resolution(tag, measures.width, measures.height).dpi
    return paper_of(measures.width, measures.height, dpi)[1] > LARGEST_FROM_COPY


def size_of(measures: Measures) -> Size:
    """Give the size of the image that parts are cut from."""
    if is_large(measures):
        return measures.width, measures.height
    return measures.copy_width, measures.copy_height
