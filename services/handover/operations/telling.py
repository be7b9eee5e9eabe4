"""Tell what the papers of a delivery say: read from what was frozen, so that it is the same whenever it is asked."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.domain.papers import DeliveredDossier, Handover
from services.handover.domain.state import DeliveryState, PackageState
from services.handover.errors import DeliveryCancelled, DeliveryNotReady
from services.handover.models import Agreement, Delivery, Package, PreservedDossier


async def handover_of(session: AsyncSession, delivery: Delivery) -> Handover:
    """Tell of a delivery whose packages are all built. Raises DeliveryNotReady, DeliveryCancelled."""
    if delivery.state == DeliveryState.BUILDING:
        raise DeliveryNotReady
    if delivery.state == DeliveryState.CANCELLED:
        raise DeliveryCancelled
    agreement = await session.get_one(Agreement, delivery.agreement_id)
    return Handover(
        number=delivery.number,
        fonds_code=delivery.fonds_code,
        receiver=agreement.receiver_name,
        reference=agreement.reference,
        agreed_on=agreement.agreed_on,
        note=agreement.note,
        at=delivery.created_at,
        dossiers=await dossiers_of(session, delivery.id),
    )


async def dossiers_of(session: AsyncSession, delivery_id: UUID) -> tuple[DeliveredDossier, ...]:
    """Give the dossiers of a delivery by part, without those whose packages were withdrawn."""
    asked = (
        select(  # no whole rows: the layout of a package has a line for every page
            *(col(Package.part), col(Package.objid), col(Package.document_count), col(Package.page_count)),
            *(col(Package.size), col(Package.sha256), col(Package.fonds_title)),
            *(col(PreservedDossier.file_code), col(PreservedDossier.title), col(PreservedDossier.fonds_code)),
        )
        .join(PreservedDossier, col(PreservedDossier.dossier_id) == col(Package.dossier_id))
        .where(col(Package.delivery_id) == delivery_id, col(Package.state) != PackageState.WITHDRAWN)
        .order_by(col(Package.part))
    )
    rows = (await (await session.connection()).execute(asked)).mappings().all()
    return tuple(
        DeliveredDossier(
            part=row["part"],
            objid=row["objid"],
            file_code=row["file_code"],
            title=row["title"],
            document_count=row["document_count"],
            page_count=row["page_count"],
            a4_count=None,  # no event tells handover of it
            byte_count=row["size"] or 0,
            sha256=row["sha256"] or "",
            fonds_code=row["fonds_code"],
            fonds_title=row["fonds_title"],
        )
        for row in rows
    )
