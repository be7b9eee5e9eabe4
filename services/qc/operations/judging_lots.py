"""What a lot's verdicts come to so far: the words on its sample, the result by its plan, and what still waits."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.inspection import Verdict, awaits_person
from services.qc.domain.reasons import class_of
from services.qc.domain.sampling.classes import word_of
from services.qc.domain.sampling.plan import Plan
from services.qc.domain.sampling.result import Result, Word, result_of
from services.qc.domain.sampling.terms import DefectClass
from services.qc.models import GivenVerdict, InspectedPage, Lot, PageCheck, SampledPage

SAID = frozenset(Verdict)
NOTHING: tuple[str | None, DefectClass | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the pages of a lot are: all, those a person has spoken of, those that wait for one or for a rescan."""

    judged: int
    waiting: int


async def words_of(session: AsyncSession, lot: Lot) -> list[Word]:
    """Give what was said of a lot's sample, in the order of the draw.

    What counts is what stands of the very version that was drawn, said since: a page that was scanned anew stays the
    defect it was found to be.
    """
    count = select(func.count()).select_from(SampledPage).where(SampledPage.lot_id == lot.id)
    drawn = (await session.exec(count)).one()
    given = await standing_verdicts(session, lot)
    found = await findings_of(session, lot, [place for place, (said, _) in given.items() if said != Verdict.ACCEPTED])
    return [word_of(*given.get(place, NOTHING), found.get(place, ())) for place in range(1, drawn + 1)]


async def findings_of(session: AsyncSession, lot: Lot, places: Collection[int]) -> dict[int, list[str]]:
    """Give the codes of what the machine found on the drawn versions of pages, by their places."""
    asked = (
        select(SampledPage.place, PageCheck.findings)
        .join(
            PageCheck,
            (col(PageCheck.page_id) == col(SampledPage.page_id)) & (col(PageCheck.version) == col(SampledPage.version)),
        )
        .where(SampledPage.lot_id == lot.id, col(SampledPage.place).in_(places))
    )
    return {place: [str(each["code"]) for each in findings] for place, findings in await session.exec(asked)}


async def standing_verdicts(session: AsyncSession, lot: Lot) -> dict[int, tuple[str, DefectClass | None]]:
    """Give the verdict that stands for each drawn page, with the class of its reason; what was undone does not."""
    asked = (
        select(SampledPage.place, SampledPage.said_before, GivenVerdict)
        .join(
            GivenVerdict,
            (col(GivenVerdict.page_id) == col(SampledPage.page_id))
            & (col(GivenVerdict.version) == col(SampledPage.version)),
        )
        .where(SampledPage.lot_id == lot.id)
        .order_by(col(GivenVerdict.at), col(GivenVerdict.id))
    )
    given: dict[int, list[tuple[str, DefectClass | None]]] = defaultdict(list)
    for place, said_before, row in await session.exec(asked):
        if str(row.id) in said_before:
            continue
        if row.verdict in SAID:
            given[place].append((row.verdict, DefectClass(class_of(row.reason)) if row.reason else None))
        elif given[place]:
            given[place].pop()
    return {place: verdicts[-1] for place, verdicts in given.items() if verdicts}


async def present_result(session: AsyncSession, lot: Lot) -> Result | None:
    """Give what a lot's sample comes to: as it was decided, or so far; None before the draw."""
    if lot.result is not None:
        return Result.model_validate(lot.result)
    if lot.plan is None:
        return None
    return result_of(Plan.model_validate(lot.plan), await words_of(session, lot))


async def progress_of(session: AsyncSession, lot_id: UUID) -> Progress:
    """Count how far the pages of a lot are, from its index alone."""
    columns = (col(InspectedPage.judgement), col(InspectedPage.verdict), col(InspectedPage.is_sampled))
    asked = select(*columns, func.count()).where(col(InspectedPage.lot_id) == lot_id).group_by(*columns)
    counts = (await session.exec(asked)).all()
    return Progress(
        judged=sum(count for _, verdict, _, count in counts if verdict),
        waiting=sum(
            count for judgement, verdict, sampled, count in counts if awaits_person(judgement, verdict, sampled)
        ),
    )
