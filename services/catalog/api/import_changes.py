"""What becomes of each row of an import, field by field: a preview of a dry run, the record of any other."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.catalog.api.files import spare_file, whole
from services.catalog.api.shapes import Here, InLanguage
from services.catalog.context import Context
from services.catalog.domain.import_errors import ImportUnknown
from services.catalog.domain.row_change import Outcome, RowChange
from services.catalog.files.change_sheet import ChangeSheet
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.keeping_changes import changes_after
from services.catalog.wording import heading_of, words_of_changes
from shared.auth.guard import guarded_router
from shared.cursors import cursor_of
from shared.paging import Asked
from shared.papers.media_types import MEDIA_TYPES
from shared.texts import Language
from shared.wire import Listing, Out

router: APIRouter = guarded_router()
TELLING = frozenset(Outcome) - {Outcome.UNCHANGED}


class CellChangeOut(Out):
    """A column that changes, its name in words, and its cell as it was and as it is told; long texts are cut.

    `edited_by` is who changed it by hand since the newest import, and `edited_at` when: that is written over.
    """

    column: str
    heading: str
    before: str
    after: str
    edited_by: str
    edited_at: str


class RowChangeOut(Out):
    """What becomes of a row: created, updated, unchanged or rejected; its code, the number of its document if any.

    `version` is the version of the dossier that the row was held against, 0 of none.
    """

    row: int
    kind: Outcome
    code: str
    number: int | None
    version: int
    cells: list[CellChangeOut]


@router.get("/imports/{import_id}/changes")
async def list_import_changes(
    import_id: UUID, here: Here, portion: Asked, language: InLanguage, kind: Outcome | None = None
) -> Listing[RowChangeOut]:
    """List what becomes of each row of an import, or of those of one kind; of a dry run, what would."""
    await demand_import(here, import_id)
    wanted = frozenset({kind} if kind else Outcome)
    found: list[RowChange] = []
    asked = changes_after(here.database, import_id, portion.place(int, 0), wanted, secrets_allowed=here.secrets_allowed)
    async for told in asked:
        found += told[: portion.limit + 1 - len(found)]
        if len(found) > portion.limit:
            break
    items = [change_out(each, language) for each in found[: portion.limit]]
    return Listing(items=items, next=cursor_of(items[-1].row) if len(found) > portion.limit else None)


@router.get("/imports/{import_id}/changes.xlsx", response_class=StreamingResponse)
async def read_change_sheet(
    import_id: UUID, here: Here, language: InLanguage, kind: Outcome | None = None
) -> StreamingResponse:
    """Give a workbook with a line for each cell that an import changes; unchanged rows only if they are asked for."""
    await demand_import(here, import_id)
    sheet = ChangeSheet(words_of_changes(language), lambda column: heading_of(column, language))
    asked = changes_after(
        here.database, import_id, 0, frozenset({kind} if kind else TELLING), secrets_allowed=here.secrets_allowed
    )
    async for told in asked:
        await asyncio.to_thread(sheet.add, told)
    file = await asyncio.to_thread(spare_file)
    await asyncio.to_thread(sheet.save, file)
    headers = {"Content-Disposition": f'attachment; filename="saoluu-changes-{import_id}.xlsx"'}
    return StreamingResponse(whole(file), media_type=MEDIA_TYPES["xlsx"], headers=headers)


async def demand_import(here: Context, import_id: UUID) -> None:
    """Raise ImportUnknown unless there is such an import."""
    async with here.database.reading() as session:
        if await session.get(WorkbookImport, import_id) is None:
            raise ImportUnknown


def change_out(told: RowChange, language: Language) -> RowChangeOut:
    """Show what becomes of a row."""
    cells = [
        CellChangeOut(
            column=cell.column,
            heading=heading_of(cell.column, language),
            before=cell.before,
            after=cell.after,
            edited_by=cell.edited_by,
            edited_at=cell.edited_at,
        )
        for cell in told.cells
    ]
    return RowChangeOut(
        row=told.row, kind=told.outcome, code=told.code, number=told.number, version=told.version, cells=cells
    )
