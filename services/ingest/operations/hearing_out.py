"""Hear qc out before a package tells of its pages: an acceptance may overtake checks and verdicts on the bus."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.models import PageCheck, PageVerdict, Sealing
from shared.clock import now
from shared.events.qc import DossierAccepted

PATIENCE = timedelta(seconds=30)  # since the acceptance: what is a dead letter never comes
PAUSE = 0.2
log = logging.getLogger(__name__)


async def hear_out(context: Context, dossier_id: UUID) -> None:
    """Wait until everything is heard that was told before the acceptance, but not for ever; not once it is frozen."""
    while True:
        async with context.database.reading() as session:
            sealing = await session.get_one(Sealing, dossier_id)
            told = DossierAccepted.model_validate_json(sealing.acceptance).told_count
            if sealing.masters_sha256 or sealing.manifest_sha256 or told is None:
                return
            heard = await count_heard(session, dossier_id)
        if heard >= told:
            return
        if now() - sealing.begun_at >= PATIENCE:
            log.warning("dossier %s: %d of %d checks and verdicts were heard", dossier_id, heard, told)
            return
        await asyncio.sleep(PAUSE)


async def count_heard(session: AsyncSession, dossier_id: UUID) -> int:
    """Count the checks and verdicts that were heard of a dossier's pages."""
    counts = [
        select(func.count()).select_from(table).where(col(table.dossier_id) == dossier_id)
        for table in (PageCheck, PageVerdict)
    ]
    return sum([(await session.exec(count)).one() for count in counts])
