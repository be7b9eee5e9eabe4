"""Make a paper of a yearly list: a job that tells how far it is. The same list gives the same bytes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.yearly import PaperForm
from services.catalog.domain.yearly_paper import Confirmation, YearlyHead
from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.models import Fonds
from services.catalog.models.yearly import YearlyLine, YearlyList, YearlyPaper, YearlyPaperPortion
from services.catalog.operations.gathering import next_lines
from services.catalog.operations.yearly_papers import forget
from services.catalog.papers.yearly_export import write_workbook
from services.catalog.papers.yearly_pages import write_document, write_print
from shared.clock import day_in_vietnam, now
from shared.database import Database
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller

PRINTER = Caller("catalog")
PORTION = 1 << 20


async def print_list(context: Context, job: JobColumns, progress: Progress) -> None:
    """Do the job `print_yearly_list` of one paper; doing it again comes to the same."""
    async with context.database.reading() as session:
        paper = await session.get(YearlyPaper, job.subject_id)
        if paper is None:
            return
        told = await session.get_one(YearlyList, paper.list_id)
        sheets = None if await has_uncounted(session, told) else told.sheet_count
        head = head_of(told, await fonds_of(session, told), sheets, is_draft=paper.is_draft)
    at = told.gathered_at if paper.is_draft else told.frozen_at
    with tempfile.TemporaryDirectory(prefix="saoluu-list-") as folder:
        path = Path(folder) / f"list.{paper.form}"
        await write(
            context, PaperForm(paper.form), head, portions_of(context.database, told, progress), path, at or now()
        )
        content = await asyncio.to_thread(path.read_bytes)
    async with progress.concluding(PRINTER, {"bytes": len(content)}) as uow:
        await forget(uow, [paper.id])
        row = await uow.session.get_one(YearlyPaper, paper.id)
        row.byte_count, row.sha256, row.made_at = len(content), sha256(content).hexdigest(), now()
        for place, start in enumerate(range(0, len(content), PORTION)):
            uow.session.add(
                YearlyPaperPortion(paper_id=paper.id, place=place, content=content[start : start + PORTION])
            )
        uow.record("yearly_paper.made", told.id, form=paper.form, sha256=row.sha256)


async def write(
    context: Context, form: PaperForm, head: YearlyHead, portions: AsyncIterator[Sequence[YearlyLine]], path: Path,
    at: datetime,
) -> None:  # fmt: skip
    """Write a paper in its form."""
    if form == PaperForm.XLSX:
        await write_workbook(head, portions, context.programme, path, at)
    elif form == PaperForm.DOCX:
        await write_document(head, portions, context.office, path, at)
    else:
        await write_print(head, portions, context.office, context.press, path, at)


async def portions_of(database: Database, told: YearlyList, progress: Progress) -> AsyncIterator[Sequence[YearlyLine]]:
    """Give the lines of a list in portions, holding nothing between them, and tell how far this is."""
    last = 0
    while True:
        async with database.reading() as session:
            lines = await next_lines(session, told.id, last)
        if not lines:
            return
        yield lines
        last = lines[-1].number
        await progress.tell(last, told.dossier_count)


def head_of(told: YearlyList, fonds: str, sheets: int | None, *, is_draft: bool) -> YearlyHead:
    """Give what a list says beside its dossiers."""
    frozen_at = None if is_draft else told.frozen_at
    return YearlyHead(
        year=told.year,
        number=None if is_draft else told.number,
        rule=YearlyRule.model_validate(told.rule),
        confirmation=confirmation_in(told),
        fonds=fonds,
        sha256=told.sha256,
        frozen_by="" if is_draft else told.frozen_by,
        frozen_on=frozen_at and day_in_vietnam(frozen_at),
        dossier_count=told.dossier_count,
        sheet_count=sheets,
        page_count=told.page_count,
    )


def confirmation_in(told: YearlyList) -> Confirmation | None:
    """Give who confirmed the rule of a list."""
    said = told.confirmation
    if said is None:
        return None
    return Confirmation(said["by"], day_in_vietnam(datetime.fromisoformat(said["at"])), said["basis"])


async def has_uncounted(session: AsyncSession, told: YearlyList) -> bool:
    """Say whether nobody has counted the sheets of a dossier on a list."""
    asked = select(YearlyLine.number).where(YearlyLine.list_id == told.id, col(YearlyLine.sheet_count).is_(None))
    return (await session.exec(asked.limit(1))).first() is not None


async def fonds_of(session: AsyncSession, told: YearlyList) -> str:
    """Name the only fonds of a list as its lines do, empty where it is of all; a list without lines tells today's."""
    if told.fonds_id is None:
        return ""
    said = select(YearlyLine.fonds_code, YearlyLine.fonds_title).where(YearlyLine.list_id == told.id)
    line = (await session.exec(said.order_by(col(YearlyLine.number)).limit(1))).first()
    if line is None:
        fonds = await session.get_one(Fonds, told.fonds_id)
        line = fonds.code, fonds.title
    return " - ".join(line)
