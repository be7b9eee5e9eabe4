"""Let go of the words of markings that changed a dossier: they were about it, whatever else they were about."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.catalog.models import plumbing
from services.catalog.models.markings import BulkMarked, BulkMarking
from shared.uow import UnitOfWork


def markings_of(dossier_id: UUID) -> SelectOfScalar[UUID]:
    """Ask for the acts of marking that changed a dossier."""
    return select(BulkMarked.marking_id).where(BulkMarked.dossier_id == dossier_id)


async def hold_markings(uow: UnitOfWork, dossier_id: UUID) -> Sequence[BulkMarking]:
    """Hold the acts of marking that changed a dossier; whoever takes one back holds it before lists and dossiers."""
    asked = select(BulkMarking).where(col(BulkMarking.id).in_(markings_of(dossier_id)))
    return (await uow.session.exec(asked.order_by(col(BulkMarking.id)).with_for_update())).all()


async def forget_in_markings(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Empty the evidence of those acts, and the words they searched for; they can be taken back all the same."""
    for made in await hold_markings(uow, dossier_id):
        made.forget_words()
    await uow.session.flush()


async def is_in_audit(session: AsyncSession, dossier_id: UUID) -> bool:
    """Say whether the audit, which is never changed, tells the words that one of those acts searched for."""
    asked = select(plumbing.audit.facts).where(col(plumbing.audit.subject_id).in_(markings_of(dossier_id)))
    return any("q" in json.loads(facts).get("filters", {}) for facts in await session.exec(asked))
