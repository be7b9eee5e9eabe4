"""Explain why no package takes the place of one that was not accepted: its dossier waits no more."""

from uuid import UUID

from services.handover.errors import CorrectionSettled, CorrectionUnknown
from services.handover.models import Correction, Package, PreservedDossier
from services.handover.operations.delivering_again import standing_for
from shared.clock import now
from shared.events.handover import PackageExplained
from shared.ids import DeliveryId, DossierId, PackageId
from shared.uow import UnitOfWork


async def explain(uow: UnitOfWork, correction_id: UUID, explanation: str) -> Correction:
    """Settle a correction in words: no package will replace the rejected one. Raises CorrectionUnknown, -Settled.

    The dossier is gathered again only where it is named, unless a newer package of it is on its way already.
    """
    asked = await uow.session.get(Correction, correction_id)
    if asked is None:
        raise CorrectionUnknown
    dossier = await uow.session.get_one(
        PreservedDossier, asked.dossier_id, with_for_update=True, populate_existing=True
    )
    found = await uow.session.get_one(Correction, correction_id, with_for_update=True, populate_existing=True)
    if found.settled_at is not None:
        raise CorrectionSettled
    found.explanation, found.settled_at = explanation, now()
    uow.record("correction.explained", correction_id, explanation=explanation)
    await uow.session.flush()
    if dossier.package_id is None:
        dossier.package_id = await standing_for(uow, dossier.dossier_id)
    tell(uow, await uow.session.get_one(Package, found.package_id), explanation)
    return found


def tell(uow: UnitOfWork, package: Package, explanation: str) -> None:
    """Tell why a package is not replaced; a dossier's pages are told of once, with the package that stands for it."""
    if package.sibling_of:
        return
    uow.publish(
        PackageExplained(
            package_id=PackageId(package.id),
            delivery_id=DeliveryId(package.delivery_id),
            dossier_id=DossierId(package.dossier_id),
            page_count=package.page_count,
            explanation=explanation,
        )
    )
