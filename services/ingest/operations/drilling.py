"""When a restore was last drilled, as the audit tells it, and whether the next drill is due."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.state import DossierState
from services.ingest.models import ScanOrder, plumbing
from shared.clock import now
from shared.database import Database
from shared.uow import Caller

PASSED, FAILED = "drill.passed", "drill.failed"


async def note_drill(database: Database, *, agrees: bool, facts: Mapping[str, object]) -> None:
    """Write down how a drill ended."""
    async with database.writing(Caller("drill")) as uow:
        uow.record(PASSED if agrees else FAILED, None, **facts)


async def undrilled_since(session: AsyncSession) -> datetime | None:
    """Give when the last drill passed, or the first dossier was preserved without one; None before that."""
    audit = plumbing.audit
    passed = (await session.exec(select(func.max(audit.at)).where(audit.act == PASSED))).one()
    if passed is not None:
        return passed
    preserved = select(func.min(ScanOrder.preserved_at)).where(col(ScanOrder.state) == DossierState.PRESERVED)
    return (await session.exec(preserved)).one()


async def is_due(database: Database, days: int) -> bool:
    """Say whether a drill is due."""
    async with database.reading() as session:
        since = await undrilled_since(session)
    return since is not None and since <= now() - timedelta(days=days)
