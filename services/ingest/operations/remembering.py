"""Remember what qc did to versions of pages, in any order and once each, until their package has told it."""

import json
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from services.ingest.domain.state import DossierState
from services.ingest.models import PageCheck, PageVerdict, ScanOrder
from shared.events.qc import PageChecked, VerdictGiven, VerdictUndone
from shared.uow import UnitOfWork

TOLD = (DossierState.PRESERVED, DossierState.REJECTED)  # nothing is packed any more


async def remember_check(uow: UnitOfWork, checked: PageChecked) -> None:
    """Remember what the machine came to; a version is checked once."""
    if await is_told(uow, checked.dossier_id):
        return
    await uow.session.merge(
        PageCheck(
            page_id=checked.page_id,
            version=checked.version,
            dossier_id=checked.dossier_id,
            profile=checked.profile,
            judgement=checked.judgement,
            checks=json.dumps([[each.check, each.outcome] for each in checked.checks], separators=(",", ":")),
            findings=json.dumps(checked.findings, separators=(",", ":")),
            a4_equivalents=checked.a4_equivalents,
            program=checked.program,
            checked_at=checked.occurred_at,
        )
    )


async def remember_verdict(uow: UnitOfWork, said: VerdictGiven | VerdictUndone) -> None:
    """Remember what an inspector said of a page, or that it was taken back, which may be heard first."""
    if await is_told(uow, said.dossier_id):
        return
    facts = said.model_dump(include=set(PageVerdict.model_fields) - {"id"})
    row = PageVerdict(id=said.verdict_id, inspector=said.actor, given_at=said.occurred_at, **facts)
    await uow.session.merge(row)


async def is_told(uow: UnitOfWork, dossier_id: UUID) -> bool:
    """Say whether the packages of a dossier are at rest; held so that this does not change meanwhile."""
    order = await uow.session.get(ScanOrder, dossier_id, with_for_update={"read": True})
    return order is not None and order.state in TOLD


async def forget(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Let go of what was remembered of a dossier's pages; qc keeps it all for ever."""
    for table in (PageCheck, PageVerdict):
        gone = delete(table).where(col(table.dossier_id) == dossier_id)
        await uow.session.exec(gone.execution_options(synchronize_session=False))
