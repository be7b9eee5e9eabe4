"""The plan that holds for a lot, from its terms, its size, and the lots of its series before it; and what it draws."""

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.lot import DECIDED, Leave
from services.qc.domain.sampling.drawing import is_must_see
from services.qc.domain.sampling.plan import Plan, plan_of
from services.qc.domain.sampling.result import Result, past_of
from services.qc.domain.sampling.switching import Past, Standing, standing
from services.qc.domain.sampling.terms import DefectClass, PercentageTerms, StandardTerms, Terms
from services.qc.models import InspectedPage, Lot, SampledPage

TERMS: TypeAdapter[StandardTerms | PercentageTerms] = TypeAdapter(Terms)
LOOKED_BACK = 1000  # lots of a series; more than any switching rule needs


async def standings_of(session: AsyncSession, series: str) -> dict[DefectClass, Standing]:
    """Give where a series stands in each class, by its decided lots in their order, each at its first inspection."""
    asked = (
        select(Lot)
        .where(Lot.series == series, col(Lot.state).in_(DECIDED), col(Lot.is_resubmitted).is_(False))
        .order_by(col(Lot.decided_at).desc(), col(Lot.id).desc())
        .limit(LOOKED_BACK)
    )
    history: dict[DefectClass, list[Past]] = {name: [] for name in DefectClass}
    for lot in reversed((await session.exec(asked)).all()):
        plan, result = Plan.model_validate(lot.plan), Result.model_validate(lot.result)
        for each, told in zip(plan.classes, result.classes, strict=True):
            past = past_of(each, told)
            if past is not None and each.name != "any":
                history[each.name].append(past)
    return {name: standing(lots) for name, lots in history.items()}


def plan_by(lot: Lot, standings: dict[DefectClass, Standing]) -> Plan:
    """Give the plan of a lot that is not drawn yet."""
    terms = TERMS.validate_python(lot.terms)
    return plan_of(
        terms, lot.page_count, standings, is_resubmitted=lot.is_resubmitted, has_leave=lot.leave == "reduced"
    )


async def present_plan(session: AsyncSession, lot: Lot) -> Plan:
    """Give the plan that a lot was drawn by, or would be drawn by now."""
    if lot.plan is not None:
        return Plan.model_validate(lot.plan)
    return plan_by(lot, await standings_of(session, lot.series))


async def drawn_count(session: AsyncSession, lot: Lot, plan: Plan) -> int:
    """Count the pages that were drawn of a lot, or would be by now: fewer than the plan's size where not so many are
    left that are not inspected anyway.
    """
    if lot.plan is not None:
        drawn = select(func.count()).select_from(SampledPage).where(SampledPage.lot_id == lot.id)
        return (await session.exec(drawn)).one()
    known = (col(InspectedPage.judgement), col(InspectedPage.version), col(InspectedPage.verdict))
    asked = select(*known, func.count()).where(col(InspectedPage.lot_id) == lot.id).group_by(*known)
    drawable = (
        count
        for judgement, version, verdict, count in await session.exec(asked)
        if not is_must_see(judgement, version, verdict)
    )
    return min(plan.size, sum(drawable))


def leaves_asked(lot: Lot, standings: dict[DefectClass, Standing]) -> frozenset[Leave]:
    """Give what leave the plan of a lot that is not drawn yet waits for."""
    terms = TERMS.validate_python(lot.terms)
    if isinstance(terms, PercentageTerms):
        return frozenset()
    may_reduce = any(standings[name].may_reduce for name, aql in terms.limits.items() if aql)
    asked = {Leave.REDUCED: may_reduce, Leave.RESUMED: is_discontinued(lot, standings)}
    return frozenset(leave for leave, is_asked in asked.items() if is_asked)


def is_discontinued(lot: Lot, standings: dict[DefectClass, Standing]) -> bool:
    """Say whether nothing of a lot's series may be sampled until leave is given to resume."""
    return lot.terms.get("scheme") == "iso2859" and any(each.is_discontinued for each in standings.values())
