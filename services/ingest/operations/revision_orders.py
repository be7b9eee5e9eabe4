"""Order the revisions of a dossier, oldest approval first, and know which of its AIPs is which."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.context import Context
from services.ingest.domain.revision import RevisionState
from services.ingest.domain.state import DossierState
from services.ingest.models import ScanOrder, Sealing, plumbing
from services.ingest.revision_models import Revision
from shared.eark.names import archive_objid
from shared.events.catalog import DossierApproved
from shared.jobs import order_again
from shared.plumbing import JobState
from shared.uow import Caller, UnitOfWork

REVISE = "revise_dossier"


async def order_revision(uow: UnitOfWork, order: ScanOrder, approved: DossierApproved) -> None:
    """Enter a newer approval of what is frozen already; its AIP is made as soon as the first one is preserved."""
    revision = Revision(
        dossier_id=order.dossier_id,
        version=approved.version,
        approval=approved.model_dump_json(),
        aip_objid=archive_objid(order.fonds_code, uuid4()),
    )
    uow.session.add(revision)
    order.later_version = approved.version
    if order.state == DossierState.PRESERVED:
        await uow.enqueue(REVISE, revision.id)
    uow.record("revision.ordered", order.dossier_id, list_id=approved.list_id, version=approved.version)


async def order_waiting(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Order what waited for the first sealing of a dossier; its row must be held."""
    for revision in await open_revisions(uow.session, dossier_id):
        await uow.enqueue(REVISE, revision.id)


async def order_after_restoration(uow: UnitOfWork, dossier_id: UUID) -> None:
    """Order again what could not be made while a package of its dossier was good in no store."""
    for revision in await open_revisions(uow.session, dossier_id):
        await order_again(uow, REVISE, revision.id)


async def rescue_revisions(context: Context) -> int:
    """Order every revision anew whose job failed, or that has none; gives how many. Nothing waits for ever."""
    job = plumbing.job
    asked = (
        select(Revision.id)
        .join(ScanOrder, col(ScanOrder.dossier_id) == col(Revision.dossier_id))
        .outerjoin(job, (col(job.subject_id) == col(Revision.id)) & (col(job.kind) == REVISE))
        .where(Revision.state == RevisionState.ORDERED, ScanOrder.state == DossierState.PRESERVED)
        .where(or_(col(job.id).is_(None), col(job.state) == JobState.FAILED))
    )
    async with context.database.reading() as session:
        stuck = (await session.exec(asked)).all()
    for revision_id in stuck:
        async with context.database.writing(Caller("ingest")) as uow:
            await order_again(uow, REVISE, revision_id)
    return len(stuck)


async def open_revisions(session: AsyncSession, dossier_id: UUID) -> Sequence[Revision]:
    """Give the revisions of a dossier that are still to be made, oldest approval first."""
    return await revisions_in(session, dossier_id, RevisionState.ORDERED)


async def preserved_revisions(session: AsyncSession, dossier_id: UUID) -> Sequence[Revision]:
    """Give the revisions of a dossier that lie in both stores, oldest first."""
    return await revisions_in(session, dossier_id, RevisionState.PRESERVED)


async def revisions_in(session: AsyncSession, dossier_id: UUID, state: RevisionState) -> Sequence[Revision]:
    """Give the revisions of a dossier in a state, oldest approval first."""
    asked = select(Revision).where(Revision.dossier_id == dossier_id, Revision.state == state)
    return (await session.exec(asked.order_by(col(Revision.version)))).all()


async def kept_aips(session: AsyncSession, sealing: Sealing) -> list[tuple[str, str]]:
    """Give every AIP of a preserved dossier with the digest of the manifest beside it, the newest one last."""
    revised = [
        (each.aip_objid, each.manifest_sha256 or "") for each in await preserved_revisions(session, sealing.dossier_id)
    ]
    return [(sealing.aip_objid, sealing.manifest_sha256 or ""), *revised]
