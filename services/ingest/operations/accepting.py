"""Heed an inspector's acceptance: freeze what sealing will need, and order the reading forms that come before it."""

from collections.abc import Sequence
from importlib.metadata import version
from uuid import UUID, uuid4

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.state import DossierState, advance
from services.ingest.errors import AcceptedPagesDiffer
from services.ingest.models import Master, Page, ScanOrder, Sealing
from services.ingest.operations.reading import order_forms
from shared.clock import now
from shared.eark.names import archive_objid
from shared.events.qc import DossierAccepted, pages_digest
from shared.uow import UnitOfWork

SEAL = "seal_dossier"


async def accept(uow: UnitOfWork, accepted: DossierAccepted) -> None:
    """Move a dossier on to its sealing. Raises AcceptedPagesDiffer when our pages are not those accepted."""
    order = await uow.session.get_one(ScanOrder, accepted.dossier_id, with_for_update=True)
    if order.state in (DossierState.ACCEPTED, DossierState.PRESERVED):
        return
    if order.state == DossierState.WITHDRAWN:  # nothing is sealed; should it be approved anew, the word still counts
        order.acceptance = accepted.model_dump_json()
        uow.record("acceptance.kept", order.dossier_id, version=order.withdrawn_version)
        return
    pages = await accepted_pages(uow.session, accepted)
    if len(pages) != accepted.accepted_count or digest_of(pages) != accepted.pages_sha256:
        raise AcceptedPagesDiffer(f"{accepted.accepted_count} pages were accepted, {len(pages)} are here")
    order.state = advance(DossierState(order.state), DossierState.ACCEPTED)
    uow.session.add(
        Sealing(
            dossier_id=order.dossier_id,
            masters_objid=archive_objid(order.fonds_code, uuid4()),
            aip_objid=archive_objid(order.fonds_code, uuid4()),
            begun_at=now(),
            software_version=version("saoluu"),
            acceptance=accepted.model_dump_json(),
        )
    )
    forms = await order_forms(uow, order, [page.number for page, _ in pages])
    if not forms:
        await uow.enqueue(SEAL, order.dossier_id)
    uow.record("dossier.sealing_ordered", order.dossier_id, pages=len(pages), reading_forms=forms)


async def accepted_pages(session: AsyncSession, accepted: DossierAccepted) -> Sequence[tuple[Page, Master]]:
    """Give the newest version of every page but the rejected ones, in order."""
    left_out: set[UUID] = {page.page_id for page in accepted.rejected}
    asked = (
        select(Page, Master)
        .join(Master, and_(col(Master.page_id) == Page.id, col(Master.version) == Page.version))
        .where(Page.dossier_id == accepted.dossier_id)
        .order_by(col(Page.number))
    )
    return [(page, master) for page, master in await session.exec(asked) if page.id not in left_out]


def digest_of(pages: Sequence[tuple[Page, Master]]) -> str:
    """Give the digest that qc gave when it accepted these pages."""
    return pages_digest((page.number, master.version, master.sha256) for page, master in pages)
