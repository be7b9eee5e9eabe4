"""Imports of workbooks."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from services.catalog.api.files import spare_file, whole
from services.catalog.api.shapes import Here
from services.catalog.domain.import_errors import ImportUnknown
from services.catalog.domain.recognising import Choice, Typed
from services.catalog.domain.state import ImportState
from services.catalog.domain.workbook_row import Level
from services.catalog.files.marking import write_marked
from services.catalog.files.packing import packed
from services.catalog.models.imports import WorkbookImport
from services.catalog.operations.failing import failure_of
from services.catalog.operations.kept_rows import contents_of
from services.catalog.operations.layouts import known_layouts
from services.catalog.operations.uploading import Asked, apply_preview, take_in
from services.catalog.wording import message_of
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling, Reading, Tables, Uow
from shared.errors import TooLarge
from shared.papers.media_types import MEDIA_TYPES
from shared.texts import Language, preferred
from shared.wire import Out, Term, Truth

router: APIRouter = guarded_router()
CSV = "text/csv; charset=utf-8"


class CellErrorOut(Out):
    """A wrong cell: the sheet's name, the row as Excel counts it, the column's field name, what stood there, why.

    `other` names the code that it is too much like, if that is what is wrong.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str
    other: str = ""


class CellNoticeOut(Out):
    """A cell that was written in another way than asked, and what it was `read` as."""

    sheet: str
    row: int
    column: str
    value: str
    read: str
    code: str
    message: str


class HeadingOut(Out):
    """A heading of the file, and the field name of the column that it was understood as."""

    heading: str
    column: str


class ImportOut(Out):
    """An import: how far it is, and what became of it; when it is rejected, nothing was imported.

    It is waiting, reading, writing, done, rejected or failed; `read_count` of `rows` have been read. The first 10,000
    errors and notices are listed; `noticed` counts the cells that were read in another way, `changed` the rows that
    change each column of what was there, `overwriting` the rows that write over what somebody edited by hand and no
    import wrote since. `previewed_id` is the dry run that it applies. `layout` names the column layout that was
    followed, if one was; `encoding` is what the file speaks for, or `keep`; `ignored` are the headings that were
    left out.
    """

    id: UUID
    fonds_id: UUID | None
    level: str
    state: ImportState
    is_dry_run: bool
    valid_rows: bool
    rows: int
    read_count: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    noticed: int
    changed: dict[str, int]
    overwriting: int
    previewed_id: UUID | None
    layout: str
    encoding: Typed
    understood: list[HeadingOut]
    ignored: list[str]
    constants: dict[str, str]
    errors: list[CellErrorOut]
    notices: list[CellNoticeOut]
    failure: str


@dataclass(frozen=True)
class Order:
    """How an import is asked for; `layout` is the name of a column layout, `level` what is read of a finding aid.

    `encoding` is `keep` where text that may have been typed in TCVN3 or VNI stays as it stands, else `recognise`.
    """

    fonds_id: UUID | None = None
    dry_run: Truth = False
    valid_rows: Truth = False
    layout: Term | None = None
    level: Level | None = None
    encoding: Choice | None = None


@router.post("/imports", status_code=202, openapi_extra=STREAMS)
async def import_workbook(
    request: Request, here: Here, caller: Calling, order: Annotated[Order, Depends()]
) -> ImportOut:
    """Take in an XLSX workbook or CSV file of fonds, of series, or of dossiers or documents of a fonds.

    A finding aid in EAD 2002 or EAD3 is taken too: its dossiers, or its fonds or series if `level` says so.

    What is no inventory is refused (422). Its import follows: all rows, or none. With `valid_rows` those that are right
    are imported all the same; documents of a dossier go together. `layout` names the column layout to follow; without,
    one is followed if the headings fit it and no other. Text that was typed in TCVN3 or VNI is recognised and told of;
    with `encoding=keep` it is kept as it stands.
    """
    known = await known_layouts(here.database, order.layout)
    with tempfile.TemporaryDirectory(prefix="saoluu-import-") as folder:
        workbook = Path(folder) / "workbook.xlsx"
        digest = await save(body_of(request, here.slowest_seconds), workbook, here.largest_workbook)
        told = await asyncio.to_thread(packed, workbook, known, order.level, secrets_allowed=here.secrets_allowed)
    made = await take_in(
        here, caller, order.fonds_id, told, digest, Asked(order.dry_run, order.valid_rows, order.encoding)
    )
    return import_out(made, "", request)


@router.get("/imports/{import_id}")
async def read_import(import_id: UUID, session: Reading, tables: Tables, request: Request) -> ImportOut:
    """Show how far an import is, and what became of it."""
    row = await session.get(WorkbookImport, import_id)
    if row is None:
        raise ImportUnknown
    failure = await failure_of(session, tables, row)
    return await asyncio.to_thread(import_out, row, failure, request)


@router.post("/imports/{import_id}/apply", status_code=202)
async def apply_import(import_id: UUID, uow: Uow, request: Request, valid_rows: Truth | None = None) -> ImportOut:
    """Do what a dry run has shown, of the file as it was sent then; another import does it, and is answered.

    Rows that would come to something else by now are rejected as changed since. `valid_rows` says whether the others go
    in then; without, it is as the dry run was asked.
    """
    return import_out(await apply_preview(uow, import_id, valid_rows=valid_rows), "", request)


@router.get("/imports/{import_id}/marked", response_class=StreamingResponse)
async def read_marked(import_id: UUID, session: Reading, request: Request) -> StreamingResponse:
    """Give the file that was uploaded, with a further column that tells what is wrong with each row.

    Of a finding aid the units that were read are given as a workbook.
    """
    row = await session.get(WorkbookImport, import_id)
    if row is None:
        raise ImportUnknown
    contents = await contents_of(session, row)
    marks = marks_of(row, preferred(request.headers.get("accept-language")))
    file = await asyncio.to_thread(spare_file)
    await asyncio.to_thread(write_marked, file, row.kind, row.sheet, contents, marks)
    ending, media_type = ("csv", CSV) if row.kind == "csv" else ("xlsx", MEDIA_TYPES["xlsx"])
    headers = {"Content-Disposition": f'attachment; filename="saoluu-{row.id}.{ending}"'}
    return StreamingResponse(whole(file), media_type=media_type, headers=headers)


def marks_of(row: WorkbookImport, language: Language) -> dict[int, str]:
    """Give in words what is wrong with each row."""
    found: dict[int, list[str]] = {}
    for error in row.errors:
        told = message_about(error, language, row.level)
        found.setdefault(int(str(error["row"])), []).append(told)
    return {number: "; ".join(each) for number, each in found.items()}


def message_about(cell: Mapping[str, object], language: Language, level: str) -> str:
    """Say in words what is wrong with a cell, or how it was read."""
    told = message_of(str(cell["column"]), str(cell["code"]), language, level)
    return f"{told}: {cell['other']}" if cell.get("other") else told


def import_out(row: WorkbookImport, failure: str, request: Request) -> ImportOut:
    """Show an import, its errors and notices in the reader's language."""
    language = preferred(request.headers.get("accept-language"))

    def told(cells: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{**cell, "sheet": row.sheet, "message": message_about(cell, language, row.level)} for cell in cells]

    shown = row.model_dump(exclude={"errors", "notices"}) | ({"state": ImportState.FAILED} if failure else {})
    shown |= {
        "failure": failure,
        "understood": [
            {"heading": text, "column": row.columns[place]}
            for place, text in row.headings.items()
            if place in row.columns
        ],
        "ignored": [text for place, text in row.headings.items() if place not in row.columns],
    }
    return ImportOut.model_validate({**shown, "errors": told(row.errors), "notices": told(row.notices)})


async def save(body: AsyncIterator[bytes], path: Path, largest: int) -> str:
    """Write a body to a file while counting its bytes, and give its SHA-256 (lower-case hex). Raises TooLarge."""
    size, digest = 0, sha256()
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in body:
            size += len(chunk)
            if size > largest:
                raise TooLarge(f"at most {largest} bytes")
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
    return digest.hexdigest()
