"""Dossiers that were described, and found to be still secret afterwards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from services.catalog.api.dossier_shapes import BlockOut
from services.catalog.api.dossiers import Told
from services.catalog.api.shapes import Day, Words
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.secrecy_finding import REMAINS, Finding
from services.catalog.models import Dossier
from services.catalog.operations.finding_secret import find_secret, remains_of
from services.catalog.operations.finding_secret_document import Place
from services.catalog.operations.finding_secret_document import find_document_secret as find_document
from shared.auth.guard import guarded_router
from shared.edge import Uow
from shared.uow import UnitOfWork
from shared.wire import In, Numeral, Ordinal, Out

router: APIRouter = guarded_router()
Number = Annotated[Numeral, Path(ge=1, le=1_000_000)]


class FindingIn(In):
    """Who checked a dossier and found it still secret, and the paper that says so."""

    checked_by: Annotated[Words, Field(max_length=200)]
    number: Annotated[Words, Field(max_length=100)]
    signed_on: Day

    def finding(self) -> Finding:
        """Give it as a value."""
        return Finding(self.checked_by, self.number, self.signed_on)


class DocumentFindingIn(FindingIn):
    """A finding about one document; `version` is that of the dossier in which it stands under its number, or stood.

    `removed_sheet_count` sheets are removed from the dossier in all.
    """

    removed_sheet_count: Ordinal
    version: Ordinal | None = None


class FindingOut(Out):
    """The version of a dossier of which only the code is left, and where else it stands still, in words."""

    version: int
    file_code: str
    remains: list[BlockOut]


@router.post("/dossiers/{dossier_id}/secrecy-finding")
async def find_dossier_secret(dossier_id: UUID, body: FindingIn, uow: Uow, expected: Expected, to: Told) -> FindingOut:
    """Say that a dossier is still secret: it is left out, and nothing of it is kept but its code."""
    row = await find_secret(uow, dossier_id, body.finding(), expected)
    return await one(uow, row, to)


@router.post("/dossiers/{dossier_id}/documents/{number}/secrecy-finding")
async def find_document_secret(
    dossier_id: UUID, number: Number, body: DocumentFindingIn, uow: Uow, expected: Expected, to: Told
) -> FindingOut:
    """Say that a document is still secret: nothing is kept but its number and code; the dossier lives on without it."""
    place = Place(number, body.version)
    sheets = body.removed_sheet_count
    return await one(uow, await find_document(uow, dossier_id, place, body.finding(), sheets, expected), to)


async def one(uow: UnitOfWork, row: Dossier, to: Told) -> FindingOut:
    """Show what came of a finding."""
    response, language = to
    tag(response, row.version)
    remains = [
        BlockOut(code=name, message=getattr(REMAINS[name], language)) for name in await remains_of(uow.session, row.id)
    ]
    return FindingOut(version=row.version, file_code=row.file_code, remains=remains)
