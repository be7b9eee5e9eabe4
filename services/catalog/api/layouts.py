"""Own column layouts: how inventories that are not made by our template are read."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field
from sqlmodel import col, select

from services.catalog.api.histories import ActOut, history_of
from services.catalog.api.shapes import Label, OptionalLabel, OptionalWords, Words, demand_unmarked_here
from services.catalog.api.versions import Expected, tag
from services.catalog.domain.layout import LONGEST_HEADING, MOST_HEAD_ROWS, SHIPPED, Layout
from services.catalog.domain.layout_errors import LayoutUnknown
from services.catalog.domain.recognising import Choice
from services.catalog.domain.withholding import JUDGING
from services.catalog.domain.workbook_row import Level
from services.catalog.models.layouts import ColumnLayout
from services.catalog.operations import layouts
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Listing, Out, Truth

router: APIRouter = guarded_router()
Heading = Annotated[Label, Field(max_length=LONGEST_HEADING)]
Name = Annotated[Words, Field(max_length=100)]


class LayoutIn(In):
    """A layout: field names by heading, empty for a column that is left out; cells that every row has, by field name.

    The headings stand in `heading_row` of the sheet of that name, or of the first. With the `encoding` `keep`, text
    that may have been typed in TCVN3 or VNI is kept as it stands.
    """

    name: Name
    level: Level = "dossiers"
    columns: Annotated[dict[Heading, OptionalLabel], Field(min_length=1, max_length=200)]
    constants: Annotated[dict[Name, OptionalLabel], Field(max_length=50, default_factory=dict)]
    heading_row: Annotated[int, Field(strict=True, ge=1, le=MOST_HEAD_ROWS)] = 1
    sheet: Annotated[OptionalWords, Field(max_length=31)] = ""
    encoding: Choice = "recognise"

    def layout(self) -> Layout:
        """Give it as a value; what it gives every row may tell how secret all are. Raises SecretMarked."""
        for column, text in self.constants.items():
            if column not in JUDGING:
                demand_unmarked_here(column, text)
        return Layout(**self.model_dump())


class LayoutOut(Out):
    """An own layout; its version is what a change has to name."""

    id: UUID
    version: int
    name: str
    level: Level
    columns: dict[str, str]
    constants: dict[str, str]
    heading_row: int
    sheet: str
    encoding: Choice
    created_at: datetime
    withdrawn_at: datetime | None


class ShippedLayoutOut(Out):
    """A layout that comes with the system; one that is not complete knows some headings only."""

    name: str
    level: Level
    columns: dict[str, str]
    constants: dict[str, str]
    heading_row: int
    sheet: str
    encoding: Choice
    is_complete: bool


@router.post("/layouts", status_code=201)
async def create_layout(body: LayoutIn, uow: Uow, response: Response) -> LayoutOut:
    """Keep a column layout, so that files like this need no rewriting."""
    return told(await layouts.create_layout(uow, body.layout()), response)


@router.get("/layouts")
async def list_layouts(
    session: Reading, portion: Asked, level: Level | None = None, with_withdrawn: Truth = False
) -> Listing[LayoutOut]:
    """List own layouts; withdrawn ones only where they are asked for."""
    asked = select(ColumnLayout)
    if level:
        asked = asked.where(ColumnLayout.level == level)
    if not with_withdrawn:
        asked = asked.where(col(ColumnLayout.withdrawn_at).is_(None))
    rows, more = await portion.of(session, asked, ColumnLayout.id)
    return Listing(items=[LayoutOut.model_validate(row) for row in rows], next=more)


@router.get("/layouts/shipped")
async def list_shipped_layouts() -> Listing[ShippedLayoutOut]:
    """List the layouts that come with the system; an own one of the same name takes the place of one."""
    return Listing(items=[ShippedLayoutOut.model_validate(each) for each in SHIPPED])


@router.get("/layouts/{layout_id}")
async def read_layout(layout_id: UUID, session: Reading, response: Response) -> LayoutOut:
    """Show one layout, withdrawn or not."""
    row = await session.get(ColumnLayout, layout_id)
    if row is None:
        raise LayoutUnknown
    return told(row, response)


@router.put("/layouts/{layout_id}")
async def change_layout(layout_id: UUID, body: LayoutIn, uow: Uow, expected: Expected, response: Response) -> LayoutOut:
    """Change a layout; imports that followed it keep what they were."""
    return told(await layouts.change_layout(uow, layout_id, body.layout(), expected), response)


@router.post("/layouts/{layout_id}/withdrawal")
async def withdraw_layout(layout_id: UUID, uow: Uow, expected: Expected, response: Response) -> LayoutOut:
    """Let no further file follow a layout."""
    return told(await layouts.withdraw_layout(uow, layout_id, expected), response)


@router.get("/layouts/{layout_id}/history")
async def list_layout_past(layout_id: UUID, session: Reading, portion: Asked) -> Listing[ActOut]:
    """List what was changed of a layout, newest first: who, when, how it was before and after."""
    if await session.get(ColumnLayout, layout_id) is None:
        raise LayoutUnknown
    return await history_of(session, portion, layout_id)


def told(row: ColumnLayout, response: Response) -> LayoutOut:
    """Show a layout, its version in the ETag."""
    tag(response, row.version)
    return LayoutOut.model_validate(row)
