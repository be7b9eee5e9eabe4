"""Start a lot: its plan is fixed and its sample drawn, once, by nobody's choice."""

import secrets
from collections import defaultdict
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.qc.domain.lot import LotState, advance
from services.qc.domain.sampling.drawing import is_must_see, sample_of
from services.qc.errors import SeriesDiscontinued
from services.qc.models import GivenVerdict, InspectedPage, Lot, SampledPage
from services.qc.operations.gathering import locked_lot
from services.qc.operations.planning import is_discontinued, plan_by, standings_of
from shared.clock import now
from shared.uow import UnitOfWork


async def start_lot(uow: UnitOfWork, lot_id: UUID) -> Lot:
    """Draw a lot's sample from the pages that are not inspected anyway; the seed is kept.

    What was said of a drawn page before does not count: it waits for a person anew. The draw takes the place of those
    of the dossiers. Raises NotFound, LotGoesBackwards, SeriesDiscontinued.
    """
    lot = await locked_lot(uow, lot_id)
    state = advance(lot.state, LotState.DRAWN)
    standings = await standings_of(uow.session, lot.series)
    if is_discontinued(lot, standings) and lot.leave != "resumed":
        raise SeriesDiscontinued
    plan = plan_by(lot, standings)
    seed = secrets.randbits(62)
    pages = await pages_to_draw(uow, lot_id)
    drawn = sample_of((page_id for page_id, (_, is_seen) in pages.items() if not is_seen), plan.size, seed)
    said = await said_before(uow, lot_id)
    uow.session.add_all(
        SampledPage(lot_id=lot_id, place=place, page_id=page_id, version=pages[page_id][0], said_before=said[page_id])
        for place, page_id in enumerate(drawn, 1)
    )
    await uow.session.flush()
    await mark_sample(uow, lot_id)
    lot.state, lot.plan, lot.seed = state, plan.model_dump(mode="json"), seed
    lot.drawn_at, lot.drawn_by = now(), uow.caller.name
    must_see = sum(is_seen for _, is_seen in pages.values())
    uow.record("lot.drawn", lot_id, seed=seed, plan=lot.plan, drawn=len(drawn), must_see=must_see)
    return lot


async def pages_to_draw(uow: UnitOfWork, lot_id: UUID) -> dict[UUID, tuple[int, bool]]:
    """Give the version of every page of a lot, and whether it is inspected whatever the draw says."""
    asked = (
        select(InspectedPage.page_id, InspectedPage.version, InspectedPage.judgement, InspectedPage.verdict)
        .where(InspectedPage.lot_id == lot_id)
        .order_by(col(InspectedPage.page_id))
        .with_for_update()
    )
    return {
        page_id: (version, is_must_see(judgement, version, verdict))
        for page_id, version, judgement, verdict in await uow.session.exec(asked)
    }


async def said_before(uow: UnitOfWork, lot_id: UUID) -> dict[UUID, list[str]]:
    """Give the verdicts on the pages of a lot that are there already; the pages are locked, so no other is on its way.

    No clock could tell them apart as well: a verdict may have waited for the draw with its moment already taken.
    """
    asked = (
        select(GivenVerdict.page_id, GivenVerdict.id)
        .join(InspectedPage, col(InspectedPage.page_id) == col(GivenVerdict.page_id))
        .where(InspectedPage.lot_id == lot_id)
    )
    said: dict[UUID, list[str]] = defaultdict(list)
    for page_id, verdict_id in await uow.session.exec(asked):
        said[page_id].append(str(verdict_id))
    return said


async def mark_sample(uow: UnitOfWork, lot_id: UUID) -> None:
    """Let exactly the drawn pages, and those scanned again, wait for a person although the machine passed them."""
    of_lot = col(InspectedPage.lot_id) == lot_id
    drawn = col(InspectedPage.page_id).in_(select(SampledPage.page_id).where(SampledPage.lot_id == lot_id))
    others = update(InspectedPage).where(of_lot).values(is_sampled=col(InspectedPage.version) > 1)
    unsaid: dict[str, object] = {"verdict": None, "reason": "", "note": "", "verdict_id": None}
    unsaid |= {"held_by": None, "held_until": None}  # who had such a page had it before it was drawn
    sampled = update(InspectedPage).where(of_lot, drawn).values(is_sampled=True, **unsaid)
    for marking in (others, sampled):
        await uow.session.exec(marking.execution_options(synchronize_session=False))
