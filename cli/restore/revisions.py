"""Later AIPs: entered where only their manifests tell of them, told to others, ordered anew where they are unmade."""

import json
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from cli.copies.naming import Named
from cli.restore.completing import approved, copies, sealed_at, settled_in
from cli.restore.ground import NewGround
from cli.restore.loading import RESTORER
from cli.restore.packages import DossierCopy
from services.handover.models import Package, PreservedDossier
from services.handover.operations.delivering_again import FACTS
from services.ingest.domain.revision import RevisionState
from services.ingest.domain.state import DossierState
from services.ingest.models import ScanOrder, Sealing
from services.ingest.operations.approving import write_description
from services.ingest.operations.revision_orders import REVISE
from services.ingest.revision_models import RenewedForm, Revision
from shared.eark.description import DossierRecord
from shared.events.catalog import DossierApproved
from shared.events.ingest import DossierRevised
from shared.ids import DossierId, FondsId
from shared.jobs import order_again


async def enter_revision(ground: NewGround, named: Named, record: DossierRecord) -> None:
    """Enter a later AIP in ingest as preserved; an approval that waits for it has it now."""
    manifest = named.manifest
    async with ground.databases["ingest"].writing(RESTORER) as uow:
        order = await uow.session.get_one(ScanOrder, manifest.dossier_id)
        version = manifest.version or order.approved_version + 1
        asked = select(Revision).where(
            Revision.dossier_id == order.dossier_id,
            or_(col(Revision.version) == version, col(Revision.aip_objid) == manifest.aip.objid),
        )
        told = approved(named, record).model_copy(update={"version": version})
        row = (await uow.session.exec(asked)).first() or Revision(
            dossier_id=order.dossier_id, version=version, approval=told.model_dump_json(), aip_objid=""
        )
        row.aip_objid, row.predecessor, row.manifest_sha256 = manifest.aip.objid, manifest.predecessor, named.sha256
        row.state, row.begun_at = RevisionState.PRESERVED, sealed_at(manifest.aip)
        row.preserved_at, row.documents = row.begun_at, json.dumps(settled_in(record), ensure_ascii=False)
        uow.session.add(row)
        if order.version < row.version:
            write_description(order, DossierApproved.model_validate_json(row.approval), row.documents)
        if (order.later_version or 0) <= order.version:
            order.later_version = None
        for each in copies(named):
            await uow.session.merge(each)
        uow.record("revision.restored", order.dossier_id, version=row.version, manifest_sha256=named.sha256)


def revised(copy: DossierCopy, row: Revision, frozen: Sealing) -> DossierRevised:
    """Tell that a dossier has a newer AIP, since when ingest says."""
    told = DossierApproved.model_validate_json(row.approval)
    return DossierRevised(
        version=row.version,
        dossier_id=DossierId(copy.dossier_id),
        occurred_at=row.preserved_at or row.ordered_at,
        actor=RESTORER.name,
        fonds_id=FondsId(told.fonds.id),
        fonds_code=told.fonds.code,
        file_code=told.description.file_code,
        title=told.description.title,
        page_count=copy.page_count,
        byte_count=copy.masters.byte_count + copy.aip.byte_count,
        masters_objid=copy.masters.objid,
        aip_objid=copy.aip.objid,
        predecessor=row.predecessor or "",
        manifest_key=copy.key,
        manifest_sha256=copy.sha256,
        verified_copies=2,
        reading_count=copy.reading_count,
        a4_equivalents=frozen.a4_equivalents,
    )


async def order_revisions(ground: NewGround) -> None:
    """Order anew what was being made: its drafts, reading forms too, lay in the incoming store only.

    It keeps its OBJID.
    """
    async with ground.databases["ingest"].writing(RESTORER) as uow:
        asked = (
            select(Revision)
            .join(ScanOrder, col(ScanOrder.dossier_id) == col(Revision.dossier_id))
            .where(Revision.state == RevisionState.ORDERED, ScanOrder.state == DossierState.PRESERVED)
        )
        for row in (await uow.session.exec(asked)).all():
            row.manifest_sha256 = row.begun_at = row.predecessor = None
            await uow.session.exec(delete(RenewedForm).where(col(RenewedForm.revision_id) == row.id))
            await order_again(uow, REVISE, row.id)


async def fill_packages(ground: NewGround) -> None:
    """Write on packages of a register of before what their dossiers are: none was revised then."""
    async with ground.databases["handover"].writing(RESTORER) as uow:
        asked = select(Package.id, PreservedDossier).where(
            Package.dossier_id == PreservedDossier.dossier_id, Package.manifest_key == ""
        )
        found: list[tuple[UUID, PreservedDossier]] = list((await uow.session.exec(asked)).all())
        for package_id, dossier in found:
            facts = dossier.model_dump(include=FACTS)
            await uow.session.exec(update(Package).where(col(Package.id) == package_id).values(**facts))
