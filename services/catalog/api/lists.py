"""Selection lists: made, filled, submitted, amended."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.list_shapes import AmendmentIn, DossiersIn, ListIn, ListOut, one, shown
from services.catalog.api.versions import ExpectedTag, tag
from services.catalog.domain.state import ListState
from services.catalog.models.lists import SelectionList
from services.catalog.operations import amending, choosing
from services.catalog.operations.holding import tag_of
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Truth

router: APIRouter = guarded_router()


@router.post("/lists", status_code=201)
async def create_list(body: ListIn, uow: Uow, response: Response) -> ListOut:
    """Begin a list."""
    return await one(uow, await choosing.create_list(uow, body.fonds_id, body.name, body.year), response)


@router.get("/lists")
async def list_lists(
    session: Reading, portion: Asked, state: ListState | None = None, with_archived: Truth = False
) -> Listing[ListOut]:
    """List selection lists; archived ones only where they are asked for."""
    asked = select(SelectionList)
    if not with_archived:
        asked = asked.where(col(SelectionList.archived_at).is_(None))
    if state:
        asked = asked.where(SelectionList.state == state)
    rows, more = await portion.of(session, asked, SelectionList.id)
    return Listing(items=await shown(session, rows), next=more)


@router.get("/lists/{list_id}")
async def read_list(list_id: UUID, session: Reading, response: Response) -> ListOut:
    """Show one list; its ETag is what a decision on it has to name in If-Match."""
    row = await given_list(session, list_id)
    tag(response, tag_of(row))
    return (await shown(session, [row]))[0]


@router.put("/lists/{list_id}/dossiers")
async def put_on_list(list_id: UUID, body: DossiersIn, uow: Uow, response: Response) -> ListOut:
    """Put whole dossiers on a list, all of them or none."""
    return await one(uow, await choosing.put_on_list(uow, list_id, body.dossier_ids), response)


@router.delete("/lists/{list_id}/dossiers/{dossier_id}")
async def take_off_list(list_id: UUID, dossier_id: UUID, uow: Uow, response: Response) -> ListOut:
    """Take a dossier off a list."""
    return await one(uow, await choosing.take_off_list(uow, list_id, dossier_id), response)


@router.post("/lists/{list_id}/submission")
async def submit_list(list_id: UUID, uow: Uow, expected: ExpectedTag, response: Response) -> ListOut:
    """Submit a list for approval; from now on it is frozen."""
    return await one(uow, await choosing.submit_list(uow, list_id, expected), response)


@router.post("/lists/{list_id}/amendment", status_code=201)
async def amend_list(list_id: UUID, body: AmendmentIn, uow: Uow, response: Response) -> ListOut:
    """Begin the next edition of an approved list; what was approved stays valid until that one is approved too."""
    return await one(uow, await amending.amend_list(uow, list_id, body.reason), response)


@router.post("/lists/{list_id}/abandonment")
async def abandon_amendment(list_id: UUID, uow: Uow, expected: ExpectedTag, response: Response) -> ListOut:
    """Give an amendment up that changes nothing; its dossiers go back to the edition that stays valid."""
    return await one(uow, await amending.abandon_amendment(uow, list_id, expected), response)


async def given_list(session: AsyncSession, list_id: UUID) -> SelectionList:
    """Give a list to read. Raises NotFound."""
    row = await session.get(SelectionList, list_id)
    if row is None:
        raise NotFound("no list has this id")
    return row
