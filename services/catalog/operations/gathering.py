"""Gather a yearly list: every dossier looked at once, in portions, by fonds and code; a job that can begin anew.

Nothing is held between portions, so that others go on with their work; what a line says is the dossier as its portion
found it. The digest is taken of the lines as they lie in the database.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.state import ListState
from services.catalog.domain.yearly import YearlyState, advance, digest_of
from services.catalog.domain.yearly_rule import Candidate, YearlyRule, reason_to_leave_out
from services.catalog.models import CriterionMark, Dossier, Fonds, SelectionList
from services.catalog.yearly_models import ReserveCopy, YearlyLine, YearlyList
from shared.clock import now
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller

GATHER = "gather"
AT_ONCE = 500
GATHERER = Caller("catalog")
SAID = set(YearlyLine.model_fields) - {"list_id", "number", "sha256"}


@dataclass(slots=True)
class Gathered:
    """What was counted so far."""

    dossiers: int = 0
    sheets: int = 0
    pages: int = 0
    seen: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


async def gather(context: Context, job: JobColumns, progress: Progress) -> dict[str, object] | None:
    """Do the job `gather` of one list."""
    list_id, counts = job.subject_id, Gathered()
    async with context.database.writing(GATHERER) as uow:
        made = await uow.session.get_one(YearlyList, list_id)
        if made.state != YearlyState.GATHERING:
            return None
        rule = YearlyRule.model_validate(made.rule)
        await uow.session.exec(delete(YearlyLine).where(col(YearlyLine.list_id) == list_id))
        asked = select(Fonds).order_by(col(Fonds.code))
        every = (
            await uow.session.exec(asked if made.fonds_id is None else asked.where(Fonds.id == made.fonds_id))
        ).all()
    for fonds in every:
        last: str | None = None
        while True:
            async with context.database.writing(GATHERER) as uow:
                rows = await next_dossiers(uow.session, fonds.id, last)
                uow.session.add_all(await lines_of(uow.session, list_id, fonds, rows, rule, counts))
            if not rows:
                break
            last = rows[-1].file_code
            await progress.tell(counts.seen, counts.seen)
    async with context.database.reading() as session:
        digest = await digest_in(session, list_id)
    async with progress.concluding(GATHERER, {"dossiers": counts.dossiers}) as uow:
        made = await uow.session.get_one(YearlyList, list_id, with_for_update=True)
        made.state, made.gathered_at = advance(made.state, YearlyState.GATHERED), now()
        made.dossier_count, made.sheet_count, made.page_count = counts.dossiers, counts.sheets, counts.pages
        made.left_out, made.sha256 = dict(counts.left_out), digest
        made.version += 1
        uow.record("yearly_list.gathered", list_id, dossiers=counts.dossiers, sha256=digest)
    return None


async def next_dossiers(session: AsyncSession, fonds_id: UUID, last: str | None) -> Sequence[Dossier]:
    """Give the next dossiers of a fonds, in order of their codes."""
    asked = select(Dossier).where(Dossier.fonds_id == fonds_id).order_by(col(Dossier.file_code)).limit(AT_ONCE)
    return (await session.exec(asked if last is None else asked.where(col(Dossier.file_code) > last))).all()


async def lines_of(
    session: AsyncSession, list_id: UUID, fonds: Fonds, rows: Sequence[Dossier], rule: YearlyRule, counts: Gathered
) -> list[YearlyLine]:
    """Make the lines of the dossiers that the rule names, and count those that it leaves out."""
    ids = [row.id for row in rows]
    marks = select(CriterionMark).where(col(CriterionMark.dossier_id).in_(ids), CriterionMark.evidence != "")
    criteria: dict[UUID, list[str]] = {}
    for mark in await session.exec(marks.order_by(col(CriterionMark.criterion))):
        criteria.setdefault(mark.dossier_id, []).append(mark.criterion)
    copied = set(await session.exec(select(ReserveCopy.dossier_id).where(col(ReserveCopy.dossier_id).in_(ids))))
    lists = {row.list_id for row in rows if row.list_id}
    approving = select(SelectionList.id).where(
        col(SelectionList.id).in_(lists), SelectionList.state == ListState.APPROVED
    )
    approved = set(await session.exec(approving))
    made: list[YearlyLine] = []
    for row in rows:
        counts.seen += 1
        candidate = Candidate(
            retention=row.retention,
            access_level=row.access_level,
            secrecy=row.secrecy,
            is_marked=row.reserve,
            has_criterion=row.id in criteria,
            is_approved=row.list_id in approved,
            is_copied=row.id in copied,
        )
        reason = reason_to_leave_out(candidate, rule)
        if reason is not None:
            counts.left_out[reason] += 1
            continue
        counts.dossiers, counts.pages = counts.dossiers + 1, counts.pages + row.page_count
        counts.sheets += row.sheet_count or 0
        made.append(line_of(list_id, counts.dossiers, fonds, row, criteria.get(row.id, [])))
    return made


def line_of(list_id: UUID, number: int, fonds: Fonds, row: Dossier, criteria: list[str]) -> YearlyLine:
    """Say a dossier as it stands now."""
    line = YearlyLine(
        list_id=list_id,
        dossier_id=row.id,
        number=number,
        fonds_code=fonds.code,
        fonds_title=fonds.title,
        criteria=criteria,
        sha256="",
        **row.model_dump(include=SAID - {"dossier_id", "fonds_code", "fonds_title", "criteria"}),
    )
    line.sha256 = digest_of(line.model_dump(mode="json", include=SAID))
    return line


async def digest_in(session: AsyncSession, list_id: UUID) -> str:
    """Give the SHA-256 (lower-case hex) of the lines of a list, in order: each by its own digest, a line each."""
    digest = sha256()
    async for lines in portions_of(session, list_id):
        for line in lines:
            said = digest_of(line.model_dump(mode="json", include=SAID))
            digest.update(f"{line.number} {said}\n".encode())
    return digest.hexdigest()


async def portions_of(session: AsyncSession, list_id: UUID) -> AsyncIterator[Sequence[YearlyLine]]:
    """Give the lines of a list in portions, in order."""
    last = 0
    while True:
        asked = select(YearlyLine).where(YearlyLine.list_id == list_id, YearlyLine.number > last)
        lines = (await session.exec(asked.order_by(col(YearlyLine.number)).limit(AT_ONCE))).all()
        if not lines:
            return
        yield lines
        last = lines[-1].number
        session.expunge_all()
