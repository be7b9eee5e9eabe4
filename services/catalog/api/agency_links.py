"""Which accounts act for an agency, and which agencies a fonds belongs to."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select

from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.versions import Expected, tag
from services.catalog.models import Fonds
from services.catalog.models.agencies import AgencyAccess, AgencyAccount, FondsAgencies
from services.catalog.operations.access import give_access, take_access
from services.catalog.operations.agencies import given_agency
from services.catalog.operations.attributing import attribute_fonds as attribute
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import In, Listing, Out

router: APIRouter = guarded_router()


class AccessOut(Out):
    """An account that acts for an agency; only while identity lets it (`may_act`)."""

    account_id: UUID
    name: str
    may_act: bool


class FondsAgenciesIn(In):
    """The agency whose records a fonds is, and the archive that keeps it."""

    creator_id: UUID | None = None
    archive_id: UUID | None = None


class FondsAgenciesOut(Out):
    """The agency whose records a fonds is, and the archive that keeps it; version 0 until somebody has said so."""

    fonds_id: UUID
    version: int = 0
    creator_id: UUID | None = None
    archive_id: UUID | None = None


@router.get("/agencies/{agency_id}/accounts")
async def list_access(agency_id: UUID, session: Reading, portion: Asked) -> Listing[AccessOut]:
    """List the accounts that act for an agency."""
    await given_agency(session, agency_id)
    acting = select(AgencyAccess.account_id).where(AgencyAccess.agency_id == agency_id)
    asked = select(AgencyAccount).where(col(AgencyAccount.account_id).in_(acting))
    rows, more = await portion.of(session, asked, AgencyAccount.account_id)
    return Listing(items=[AccessOut.model_validate(row) for row in rows], next=more)


@router.put("/agencies/{agency_id}/accounts/{account_id}")
async def give_access_to(agency_id: UUID, account_id: UUID, uow: Uow) -> AccessOut:
    """Let an account act for an agency: it sees and writes what is that agency's, and nothing else."""
    return AccessOut.model_validate(await give_access(uow, agency_id, account_id))


@router.delete("/agencies/{agency_id}/accounts/{account_id}", status_code=204)
async def take_access_from(agency_id: UUID, account_id: UUID, uow: Uow) -> None:
    """Let an account act for an agency no longer."""
    await take_access(uow, agency_id, account_id)


@router.get("/fonds/{fonds_id}/agencies")
async def read_fonds_agencies(fonds_id: UUID, session: Reading, response: Response) -> FondsAgenciesOut:
    """Show whose records a fonds is, and which archive keeps it."""
    if await session.get(Fonds, fonds_id) is None:
        raise NotFound("no fonds has this id")
    known = await session.get(FondsAgencies, fonds_id)
    tag(response, known.version if known else 0)
    return FondsAgenciesOut.model_validate(known) if known else FondsAgenciesOut(fonds_id=fonds_id)


@router.get("/fonds/{fonds_id}/agencies/history")
async def list_fonds_agencies_past(fonds_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of the agencies of a fonds, newest first: who, when, and which it was before."""
    if await session.get(Fonds, fonds_id) is None:
        raise NotFound("no fonds has this id")
    return await history_of(session, portion, fonds_id)


@router.put("/fonds/{fonds_id}/agencies")
async def attribute_fonds(
    fonds_id: UUID, body: FondsAgenciesIn, uow: Uow, expected: Expected, response: Response
) -> FondsAgenciesOut:
    """Say whose records a fonds is, and which archive keeps it."""
    made = await attribute(uow, fonds_id, body.creator_id, body.archive_id, expected)
    tag(response, made.version)
    return FondsAgenciesOut.model_validate(made)
