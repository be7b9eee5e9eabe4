"""Settle what no package holds: a dossier that was not preserved has lost its images, and is scanned again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy import select as pick
from sqlmodel import col, select

from cli.language import say
from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from cli.restore.protocol import Protocol
from services.handover.domain.state import PackageState
from services.handover.models import Package
from services.handover.operations.building import BUILD
from services.ingest.domain.state import DossierState
from services.ingest.models import Master, Page, PageReading, Reading, ScanOrder
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.approving import describe
from services.ingest.operations.reading import FORM, READ
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import Revision
from services.qc.domain.inspection import DossierState as InspectedState
from services.qc.domain.lot import OPEN, LotState
from services.qc.models import InspectedDossier, InspectedPage, Lot, LotDossier, PageCheck, RescanOrder
from services.reporting.models import HeardEvent
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.plumbing import JobState, Plumbing
from shared.uow import UnitOfWork

KEPT = ("audit", "scan_order")
PLANS = (DossierApproved.name, DossierWithdrawn.name)
PORTION = 500


async def settle(ground: NewGround, protocol: Protocol) -> None:
    """Let every dossier that is not preserved begin anew, and order again the work whose orders were not kept."""
    async with ground.databases["ingest"].reading() as session:
        ended = (DossierState.PRESERVED, DossierState.REJECTED)
        asked = select(ScanOrder.dossier_id).where(col(ScanOrder.state).not_in(ended))
        again = list((await session.exec(asked)).all())
        began = select(Page.dossier_id).where(col(Page.dossier_id).in_(again)).distinct()
        scanned = list((await session.exec(began)).all())
    for begin in range(0, len(again), PORTION):
        portion = again[begin : begin + PORTION]
        await settle_ingest(ground, portion)
        await settle_qc(ground, portion)
        await settle_reporting(ground, portion)
    async with ground.databases["qc"].writing(RESTORER) as uow:
        await uow.session.exec(update(PageCheck).values(has_images=False))  # pictures were made from incoming pages
    for service in ("ingest", "handover"):
        await let_go(ground, service)
    await order_packages(ground)
    protocol.counts["scanned_again"] = len(scanned)
    protocol.notes += [
        say(f"phải quét lại: {each}", f"to be scanned again: {each}") for each in sorted(map(str, scanned))
    ]


async def settle_ingest(ground: NewGround, dossiers: Sequence[UUID]) -> None:
    """Forget pages whose images lay in the incoming store only; the orders are open again."""
    async with ground.databases["ingest"].writing(RESTORER) as uow:
        await forget_readings(uow, dossiers)
        later = await forget_revisions(uow, dossiers)
        await forget(uow, ground.plumbing("ingest"), dossiers)
        job = uow.plumbing.job
        await uow.session.exec(delete(job).where(col(job.kind) == SEAL, col(job.subject_id).in_(dossiers)))
        for order in await uow.session.exec(select(ScanOrder).where(col(ScanOrder.dossier_id).in_(dossiers))):
            state = DossierState.WITHDRAWN if order.is_withdrawn else DossierState.OPEN
            if order.state != state:
                uow.record("dossier.opened_again", order.dossier_id, was=order.state, state=state)
            order.state, order.scanned_count, order.explanation = state, None, ""
            order.closed_at, order.withdrawn_from, order.acceptance = None, None, ""
            if order.dossier_id in later:  # it came too late for a sealing, of which nothing is frozen any more
                describe(order, DossierApproved.model_validate_json(later[order.dossier_id]))
            order.later_version = None


async def forget_revisions(uow: UnitOfWork, dossiers: Sequence[UUID]) -> dict[UUID, str]:
    """Forget the jobs of revisions, whose rows go with their dossiers; gives the newest approval of each."""
    asked = select(Revision).where(col(Revision.dossier_id).in_(dossiers)).order_by(col(Revision.version))
    rows, job = (await uow.session.exec(asked)).all(), uow.plumbing.job
    ids = [row.id for row in rows]
    await uow.session.exec(delete(job).where(col(job.kind) == REVISE, col(job.subject_id).in_(ids)))
    return {row.dossier_id: row.approval for row in rows}


async def forget_readings(uow: UnitOfWork, dossiers: Sequence[UUID]) -> None:
    """Forget reading forms and what was read for them, with their jobs: they lay in the incoming store only."""
    job = uow.plumbing.job
    forms = select(Reading.id).where(col(Reading.dossier_id).in_(dossiers))
    pages = select(Page.id).where(col(Page.dossier_id).in_(dossiers))
    masters = select(Master.id).where(col(Master.page_id).in_(pages))
    for kind, subjects in ((FORM, forms), (READ, masters)):
        await uow.session.exec(delete(job).where(col(job.kind) == kind, col(job.subject_id).in_(subjects)))
    await uow.session.exec(delete(PageReading).where(col(PageReading.reading_id).in_(forms)))
    await uow.session.exec(delete(Reading).where(col(Reading.dossier_id).in_(dossiers)))


async def forget(uow: UnitOfWork, plumbing: Plumbing, dossiers: Sequence[UUID]) -> None:
    """Drop every row that hangs on dossiers or on their pages, whichever table it is in."""
    connection = await uow.session.connection()
    pages = plumbing.metadata.tables["page"]
    of_them = pick(pages.c.id).where(pages.c.dossier_id.in_(dossiers))
    for table in reversed(plumbing.metadata.sorted_tables):
        if table.name in KEPT:
            continue
        if "dossier_id" in table.c:
            await connection.execute(delete(table).where(table.c.dossier_id.in_(dossiers)))
        elif "page_id" in table.c:
            await connection.execute(delete(table).where(table.c.page_id.in_(of_them)))


async def settle_qc(ground: NewGround, dossiers: Sequence[UUID]) -> None:
    """Forget the pages; what was said of them stays in the history. Open lots that held them are given up."""
    async with ground.databases["qc"].writing(RESTORER) as uow:
        for table in (InspectedPage, PageCheck):
            await uow.session.exec(delete(table).where(col(table.dossier_id).in_(dossiers)))
        orders = update(RescanOrder).where(col(RescanOrder.dossier_id).in_(dossiers))
        await uow.session.exec(orders.values(is_open=False))
        held = select(LotDossier.lot_id).where(col(LotDossier.dossier_id).in_(dossiers))
        asked = select(Lot).where(col(Lot.id).in_(held), col(Lot.state).in_(OPEN))
        for lot in (await uow.session.exec(asked)).all():
            lot.state = LotState.WITHDRAWN
            uow.record("lot.withdrawn", lot.id, reason="restored: images of its dossiers are gone")
            free = update(InspectedDossier).where(col(InspectedDossier.lot_id) == lot.id).values(lot_id=None)
            await uow.session.exec(free)
            await uow.session.exec(update(InspectedPage).where(col(InspectedPage.lot_id) == lot.id).values(lot_id=None))
        anew = {"state": InspectedState.SCANNING, "scanned_count": None, "explanation": "", "seed": None}
        dossier = update(InspectedDossier).where(col(InspectedDossier.dossier_id).in_(dossiers))
        await uow.session.exec(dossier.values(lot_id=None, concluded_at=None, concluded_by="", note="", **anew))


async def settle_reporting(ground: NewGround, dossiers: Sequence[UUID]) -> None:
    """Unhear of scans that are gone; that the dossiers were approved, or withdrawn, stays."""
    named = func.json_extract(HeardEvent.body, "$.dossier_id").in_([str(each) for each in dossiers])
    async with ground.databases["reporting"].writing(RESTORER) as uow:
        await uow.session.exec(delete(HeardEvent).where(named, col(HeardEvent.name).not_in(PLANS)))
        uow.record("scans.unheard", None, dossiers=[str(each) for each in dossiers])


async def let_go(ground: NewGround, service: str) -> None:
    """Hand back the jobs that somebody was at."""
    async with ground.databases[service].writing(RESTORER) as uow:
        job = uow.plumbing.job
        running = update(job).where(col(job.state) == JobState.RUNNING)
        await uow.session.exec(running.values(state=JobState.PENDING, lease=None, leased_until=None))


async def order_packages(ground: NewGround) -> None:
    """Order the packages anew that were being built."""
    async with ground.databases["handover"].writing(RESTORER) as uow:
        asked = select(Package.id).where(Package.state == PackageState.WAITING)
        for package_id in (await uow.session.exec(asked)).all():
            await uow.enqueue(BUILD, package_id)
