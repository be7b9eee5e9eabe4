"""Gather a yearly list: every dossier looked at once, in portions, by fonds and code; a job that can begin anew.

Nothing is held between portions, so that others go on with their work; what a line says is the dossier as its portion
found it. The digest is taken of the lines as they lie in the database.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.context import Context
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.evidence import evidenced
from services.catalog.domain.state import ListState
from services.catalog.domain.yearly import YearlyState, advance, digest_of
from services.catalog.domain.yearly_rule import Candidate, YearlyRule, reason_to_leave_out
from services.catalog.models import CriterionMark, Dossier, Fonds
from services.catalog.models.lists import SelectionList
from services.catalog.models.yearly import ReserveCopy, YearlyLine, YearlyList
from shared.clock import now
from shared.jobs import Progress
from shared.plumbing import JobColumns
from shared.uow import Caller, UnitOfWork

GATHER = "gather"
AT_ONCE = 500
GATHERER = Caller("catalog")
SAID = set(YearlyLine.model_fields) - {"list_id", "number", "sha256"}
FROM_DOSSIER = SAID - {"dossier_id", "fonds_code", "fonds_title", "criteria"}


@dataclass(slots=True)
class Known:
    """What is known of dossiers beside themselves: criteria with evidence, which have copies, which lists hold."""

    criteria: dict[UUID, list[str]] = field(default_factory=dict)
    copied: set[UUID] = field(default_factory=set)
    approved: set[UUID] = field(default_factory=set)


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
        async for lines in lines_in(context, list_id, fonds, rule, counts):
            async with context.database.writing(GATHERER) as uow:
                if not await is_wanted(uow, list_id):
                    return None
                await (await uow.session.connection()).execute(insert(YearlyLine), lines)
            await progress.tell(counts.seen, counts.seen)
    async with context.database.reading() as session:
        digest = await digest_in(session, list_id)
    async with progress.concluding(GATHERER, {"dossiers": counts.dossiers}) as uow:
        made = await uow.session.get_one(YearlyList, list_id, with_for_update=True)
        if made.state != YearlyState.GATHERING:
            return None
        made.state, made.gathered_at = advance(made.state, YearlyState.GATHERED), now()
        made.dossier_count, made.sheet_count, made.page_count = counts.dossiers, counts.sheets, counts.pages
        made.left_out, made.sha256 = dict(counts.left_out), digest
        made.version += 1
        uow.record("yearly_list.gathered", list_id, dossiers=counts.dossiers, sha256=digest)
    return None


async def is_wanted(uow: UnitOfWork, list_id: UUID) -> bool:
    """Say whether a list is still to be gathered, and hold it: whoever discards it takes its lines away after this."""
    made = await uow.session.get_one(YearlyList, list_id, with_for_update=True, populate_existing=True)
    return made.state == YearlyState.GATHERING


async def lines_in(
    context: Context, list_id: UUID, fonds: Fonds, rule: YearlyRule, counts: Gathered
) -> AsyncIterator[list[dict[str, Any]]]:
    """Give the lines of a fonds in portions; they are made beside the event loop, which has others to serve."""
    last: str | None = None
    while True:
        async with context.database.reading() as session:
            rows = await next_dossiers(session, fonds.id, last)
            known = await known_of(session, rows)
        if not rows:
            return
        lines = await asyncio.to_thread(lines_of, list_id, fonds, rows, known, rule, counts)
        if lines:
            yield lines
        last = rows[-1].file_code


async def next_dossiers(session: AsyncSession, fonds_id: UUID, last: str | None) -> Sequence[Dossier]:
    """Give the next dossiers of a fonds that nobody archived, in order of their codes."""
    asked = select(Dossier).where(Dossier.fonds_id == fonds_id, col(Dossier.archived_at).is_(None))
    asked = asked.order_by(col(Dossier.file_code)).limit(AT_ONCE)
    return (await session.exec(asked if last is None else asked.where(col(Dossier.file_code) > last))).all()


async def known_of(session: AsyncSession, rows: Sequence[Dossier]) -> Known:
    """Find what else is known of dossiers: criteria with evidence, copies, approvals."""
    ids, made = [row.id for row in rows], Known()
    marks = select(CriterionMark.dossier_id, CriterionMark.criterion, CriterionMark.evidence).where(
        col(CriterionMark.dossier_id).in_(ids)
    )
    for dossier_id, criterion, evidence in await session.exec(marks.order_by(col(CriterionMark.criterion))):
        if evidenced([evidence]):
            made.criteria.setdefault(dossier_id, []).append(criterion)
    made.copied.update(await session.exec(select(ReserveCopy.dossier_id).where(col(ReserveCopy.dossier_id).in_(ids))))
    approving = select(SelectionList.id).where(
        col(SelectionList.id).in_({row.list_id for row in rows if row.list_id}),
        SelectionList.state == ListState.APPROVED,
    )
    made.approved.update(await session.exec(approving))
    return made


def lines_of(
    list_id: UUID, fonds: Fonds, rows: Sequence[Dossier], known: Known, rule: YearlyRule, counts: Gathered
) -> list[dict[str, Any]]:
    """Make the lines of the dossiers that the rule names, and count those that it leaves out."""
    made: list[dict[str, Any]] = []
    for row in rows:
        counts.seen += 1
        candidate = Candidate(
            retention=row.retention,
            access_level=row.access_level,
            secrecy=row.secrecy,
            is_marked=row.reserve,
            has_criterion=row.id in known.criteria,
            is_approved=row.list_id in known.approved,
            is_copied=row.id in known.copied,
            is_checked=not (row.secrecy == Secrecy.NONE and not row.secrecy_by),
        )
        reason = reason_to_leave_out(candidate, rule)
        if reason is not None:
            counts.left_out[reason] += 1
            continue
        counts.dossiers, counts.pages = counts.dossiers + 1, counts.pages + row.page_count
        counts.sheets += row.sheet_count or 0
        said = {name: getattr(row, name) for name in FROM_DOSSIER}
        said |= {"dossier_id": row.id, "fonds_code": fonds.code, "fonds_title": fonds.title}
        said["criteria"] = known.criteria.get(row.id, [])
        made.append({**said, "list_id": list_id, "number": counts.dossiers, "sha256": digest_of(said)})
    return made


async def digest_in(session: AsyncSession, list_id: UUID) -> str:
    """Give the SHA-256 (lower-case hex) of the lines of a list, in order: each by its own digest, a line each."""
    digest = sha256()

    def take(lines: Sequence[YearlyLine]) -> None:
        for line in lines:
            said = digest_of({name: getattr(line, name) for name in SAID})
            digest.update(f"{line.number} {said}\n".encode())

    async for lines in portions_of(session, list_id):
        await asyncio.to_thread(take, lines)
    return digest.hexdigest()


async def portions_of(session: AsyncSession, list_id: UUID) -> AsyncIterator[Sequence[YearlyLine]]:
    """Give the lines of a list in portions, in order."""
    last = 0
    while lines := await next_lines(session, list_id, last):
        yield lines
        last = lines[-1].number
        session.expunge_all()


async def next_lines(session: AsyncSession, list_id: UUID, last: int) -> Sequence[YearlyLine]:
    """Give the next lines of a list after a number, in order."""
    asked = select(YearlyLine).where(YearlyLine.list_id == list_id, YearlyLine.number > last)
    return (await session.exec(asked.order_by(col(YearlyLine.number)).limit(AT_ONCE))).all()
