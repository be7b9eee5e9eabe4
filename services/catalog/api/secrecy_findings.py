"""Dossiers that were described, and found to be still secret afterwards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.catalog.api.dossier_shapes import BlockOut
from services.catalog.api.dossiers import Told
from services.catalog.api.shapes import Day, Here, Words
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.secrecy_finding import REMAINS, Finding
from services.catalog.domain.secret_mark import demand_unmarked
from services.catalog.operations.finding_secret import find_secret, remains_of
from shared.auth.guard import guarded_router
from shared.edge import Uow
from shared.wire import In, Out

router: APIRouter = guarded_router()


class FindingIn(In):
    """Who checked a dossier and found it still secret, and the paper that says so."""

    checked_by: Annotated[Words, Field(max_length=200)]
    number: Annotated[Words, Field(max_length=100)]
    signed_on: Day


class FindingOut(Out):
    """The version of a dossier of which only the code is left, and where else it stands still, in words."""

    version: int
    file_code: str
    remains: list[BlockOut]


@router.post("/dossiers/{dossier_id}/secrecy-finding")
async def find_dossier_secret(
    dossier_id: UUID, body: FindingIn, uow: Uow, here: Here, expected: Expected, to: Told
) -> FindingOut:
    """Say that a dossier is still secret: it is left out, and nothing of it is kept but its code."""
    demand_unmarked(secrets_allowed=here.secrets_allowed, checked_by=body.checked_by, number=body.number)
    finding = Finding(body.checked_by, body.number, body.signed_on)
    row = await find_secret(uow, dossier_id, finding, expected)
    response, language = to
    tag(response, row.version)
    remains = [
        BlockOut(code=name, message=getattr(REMAINS[name], language))
        for name in await remains_of(uow.session, dossier_id)
    ]
    return FindingOut(version=row.version, file_code=row.file_code, remains=remains)
