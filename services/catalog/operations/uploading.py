"""Keep an uploaded file until it is imported, and order that; after a while let go of it."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Uuid, delete, insert, literal
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.import_errors import FondsUntold, ImportUnknown, NoPreview, UploadGone
from services.catalog.domain.recognising import Choice
from services.catalog.domain.shut_code import ShutCodes, is_shut
from services.catalog.domain.state import ENDED, ImportState
from services.catalog.domain.withholding import bare
from services.catalog.domain.workbook_row import ReadRow, read_row
from services.catalog.files.heading import Heads
from services.catalog.files.packing import Kept, Packed, bare_line, pack, trimmed, unpacked
from services.catalog.models import Dossier
from services.catalog.models.imports import ImportChanges, ImportPortion, WorkbookImport
from services.catalog.operations.bulk import portions
from services.catalog.operations.holding import given_fonds
from services.catalog.operations.secret_codes import shut_codes
from shared.clock import now
from shared.ids import new_id
from shared.uow import Caller, UnitOfWork

IMPORT = "import_workbook"
TELLING = ("fileCode", "secrecy", "catalogVersion")  # whether a row may be kept
OF_FILE = {
    "fonds_id", "level", "sha256", "kind", "sheet", "head_count", "columns", "headings", "layout", "constants",
    "encoding",
    "rows",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """How an import is asked for: only to see what would come of it; without the rows that are wrong.

    Whether older encodings are recognised is as the layout says where nothing is asked.
    """

    is_dry_run: bool = False
    valid_rows: bool = False
    encoding: Choice | None = None


async def take_in(
    context: Context, caller: Caller, fonds_id: UUID | None, told: Packed, sha256: str, asked: Asked
) -> WorkbookImport:
    """Keep a file that was read, and order its import, into a fonds but where it tells fonds or series itself.

    Raises NotFound, FondsUntold.
    """
    heads = told.heads
    if heads.columns.level in ("fonds", "series"):
        fonds_id = None
    elif fonds_id is None:
        raise FondsUntold
    async with context.database.reading() as session:
        shut = await shut_here(context, session, fonds_id, told)
    if fonds_id and not context.secrets_allowed:
        told = replace(told, portions=await without_secrets(context, fonds_id, told, shut))
    first, _length = pack([Kept(number, trimmed(cells)) for number, cells in enumerate(heads.lines, start=1)])
    async with context.database.writing(caller) as uow:
        if fonds_id:
            await given_fonds(uow, fonds_id)
        made = WorkbookImport(
            id=new_id(),
            fonds_id=fonds_id,
            level=heads.columns.level,
            by=caller.name,
            is_dry_run=asked.is_dry_run,
            valid_rows=asked.valid_rows,
            sha256=sha256,
            kind=told.kind,
            sheet=told.name,
            head_count=len(heads.lines),
            columns={str(place): name for place, name in heads.names.items()},
            headings={str(place): text for place, text in heads.headings.items()},
            layout=heads.layout,
            constants=dict(heads.constants),
            encoding=told.typed if (asked.encoding or heads.encoding) == "recognise" else "keep",
            rows=told.row_count,
        )
        uow.session.add(made)
        await uow.session.flush()
        by_now = await shut_here(context, uow.session, fonds_id, told)
        if fonds_id and by_now != shut:  # something was found secret while rows were looked at
            told = replace(told, portions=await without_secrets(context, fonds_id, told, by_now))
        for place, content in enumerate([first, *told.portions]):
            uow.session.add(ImportPortion(import_id=made.id, place=place, content=content))
        await uow.enqueue(IMPORT, made.id)
        uow.record("import.ordered", made.id, fonds_id=fonds_id, rows=made.rows, sha256=sha256)
    return made


async def apply_preview(uow: UnitOfWork, import_id: UUID, *, valid_rows: bool | None) -> WorkbookImport:
    """Order that what a dry run has shown be done: a row that would come to something else by now is refused.

    The mode is that of the dry run unless another is asked for. Raises ImportUnknown, NoPreview, UploadGone.
    """
    seen = await uow.session.get(WorkbookImport, import_id)
    if seen is None:
        raise ImportUnknown
    if not seen.is_dry_run or seen.state not in (ImportState.DONE, ImportState.REJECTED):
        raise NoPreview
    told = seen.model_dump(include=OF_FILE)
    chosen = seen.valid_rows if valid_rows is None else valid_rows
    made = WorkbookImport(
        id=new_id(), by=uow.caller.name, is_dry_run=False, valid_rows=chosen, previewed_id=import_id, **told
    )
    uow.session.add(made)
    await uow.session.flush()
    kept = select(literal(made.id, Uuid()), ImportPortion.place, ImportPortion.content)
    copied = insert(ImportPortion).from_select(
        ["import_id", "place", "content"], kept.where(ImportPortion.import_id == import_id)
    )
    if not (await uow.session.exec(copied)).rowcount:
        raise UploadGone
    await uow.enqueue(IMPORT, made.id)
    uow.record("import.ordered", made.id, fonds_id=made.fonds_id, rows=made.rows, sha256=made.sha256, of=import_id)
    return made


async def shut_here(context: Context, session: AsyncSession, fonds_id: UUID | None, told: Packed) -> ShutCodes:
    """Give the codes under which rows are held back; none where secrets may be kept, or no dossiers are told."""
    if fonds_id is None or context.secrets_allowed:
        return {}
    return await shut_codes(session, fonds_id, told.heads.columns.level)


async def without_secrets(context: Context, fonds_id: UUID, told: Packed, shut: ShutCodes) -> Sequence[bytes]:
    """Keep nothing but codes of what was found secret, unless a row knows of that and says that it is over.

    Of documents nothing but numbers where nobody described the dossier, which may be a secret one.
    """
    is_itemising = told.heads.columns.level == "documents"
    made = []
    for content in told.portions if shut or is_itemising else ():
        lines = await asyncio.to_thread(unpacked, content)
        doubtful: set[str] = set()
        if is_itemising:
            codes = {read_codes(told.heads, line).file_code or "" for line in lines}
            doubtful = codes - await described(context, fonds_id, sorted(codes))
        bared = [
            bared_line(told.heads, line) if is_withheld(told.heads, line, shut, doubtful) else line for line in lines
        ]
        made.append(pack(bared)[0] if bared != lines else content)
    return made or told.portions


async def described(context: Context, fonds_id: UUID, codes: Sequence[str]) -> set[str]:
    """Give those of some file codes that dossiers of a fonds have."""
    found: set[str] = set()
    async with context.database.reading() as session:
        for portion in portions(codes):
            asked = select(Dossier.file_code).where(Dossier.fonds_id == fonds_id, col(Dossier.file_code).in_(portion))
            found |= set(await session.exec(asked))
    return found


def is_withheld(heads: Heads, line: Kept, shut: ShutCodes, doubtful: Collection[str]) -> bool:
    """Say whether nothing but codes may be kept of a line: its code is shut, or one of a dossier that may be secret."""
    row = read_codes(heads, line)
    return (row.file_code or "") in doubtful or is_shut(row, shut)


def read_codes(heads: Heads, line: Kept) -> ReadRow:
    """Read of a row what tells whether it may be kept."""
    told = line.told(heads.names, heads.constants)
    return read_row(0, heads.columns, {name: told[name] for name in TELLING if name in told})


def bared_line(heads: Heads, line: Kept) -> Kept:
    """Give of a row only which document it is about."""
    return bare_line(line.number, heads.names, bare(heads.columns, line.told(heads.names, heads.constants)))


async def forget_uploads(context: Context) -> None:
    """Delete files that were uploaded too long ago, and what would have become of rows; reports and records stay."""
    day = now() - timedelta(days=context.uploads_kept_days)
    old = select(WorkbookImport.id).where(col(WorkbookImport.at) < day, col(WorkbookImport.state).in_(ENDED))
    async with context.database.writing() as uow:
        await uow.session.exec(delete(ImportPortion).where(col(ImportPortion.import_id).in_(old)))
        tried = old.where(col(WorkbookImport.is_dry_run))
        await uow.session.exec(delete(ImportChanges).where(col(ImportChanges.import_id).in_(tried)))
