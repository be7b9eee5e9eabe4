"""Gather dossiers into a delivery under an agreement, and open it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from services.handover.domain.agreement import AgreementState, demand_in_force
from services.handover.domain.agreement_errors import AgreementNotAgreed
from services.handover.domain.holding import holdings_of
from services.handover.domain.state import UNOPENED, DeliveryState, PackageState, advance
from services.handover.errors import DeliveryNotReady, DossiersUnavailable, NothingToDeliver
from services.handover.models import Delivery, Package, PreservedDossier
from services.handover.operations.agreeing import demand_receiver, held
from services.handover.operations.building import BUILD
from services.handover.operations.correcting import answered_before, open_corrections
from services.handover.operations.delivering_again import gathered, is_explained, is_outdated
from services.handover.operations.quarantining import damaged, demand_sound
from services.handover.operations.unavailable import reasons_of
from services.handover.operations.unlisting import demand_listed, unlisted
from services.handover.operations.withdrawing import locked
from shared.clock import day_in_vietnam, now
from shared.eark.names import submission_objid
from shared.eark.profile import profile_named
from shared.events.handover import PackageOffered
from shared.ids import DeliveryId, DossierId, PackageId, new_id
from shared.uow import UnitOfWork


async def create_delivery(uow: UnitOfWork, agreement_id: UUID, dossier_ids: Sequence[UUID]) -> Delivery:
    """Gather dossiers (all that wait, when none are named) into the fonds' next delivery and order their packages.

    A dossier whose last package was rejected is delivered in one that names that package, and so is one that was
    revised since its package was accepted: that one must be named, and so must one of which somebody explained that it
    is not delivered again. What comes beside it once more names what came
    before.

    Raises AgreementUnknown, AgreementNotAgreed, AgreementNotInForce, ReceiverUnknown, ReceiverDisabled,
    NothingToDeliver, DossiersUnavailable.
    """
    agreement = await held(uow, agreement_id)
    if agreement.state != AgreementState.AGREED:
        raise AgreementNotAgreed(agreement.state)
    demand_in_force(agreement.starts_on, agreement.ends_on, day_in_vietnam(now()))
    await demand_receiver(uow, agreement.receiver_id)
    dossiers = await waiting_dossiers(uow, agreement.fonds_code, dossier_ids)
    highest = select(func.coalesce(func.max(Delivery.number), 0)).where(Delivery.fonds_code == agreement.fonds_code)
    delivery = Delivery(
        agreement_id=agreement.id,
        receiver_id=agreement.receiver_id,
        fonds_code=agreement.fonds_code,
        number=(await uow.session.exec(highest)).one() + 1,
        packer=uow.caller.name,
    )
    uow.session.add(delivery)
    await uow.session.flush()
    form = profile_named(agreement.profile).sip
    dossier_ids = [dossier.dossier_id for dossier in dossiers]
    corrections, before = await open_corrections(uow, dossier_ids), await answered_before(uow, dossier_ids)
    number = 0
    for dossier in dossiers:
        whole: Package | None = None
        for holding in holdings_of(
            dossier.reading_count, with_masters=agreement.with_masters, is_circular=form.is_simpledc
        ):
            number += 1
            role = (dossier.dossier_id, whole is not None)
            correction = corrections.get(role)
            package = Package(
                delivery_id=delivery.id,
                dossier_id=dossier.dossier_id,
                number=number,
                objid=submission_objid(new_id()),
                predecessor=correction.objid if correction else before.get(role),
                holds=holding,
                sibling_of=whole.id if whole else None,
                page_count=dossier.page_count,
                **gathered(dossier),
            )
            if correction:
                correction.successor_id = package.id
            uow.session.add(package)
            whole = whole or package
            dossier.package_id = whole.id
            await uow.session.flush()
            await uow.enqueue(BUILD, package.id)
    uow.record("delivery.created", delivery.id, packages=number, number=delivery.number)
    return delivery


async def waiting_dossiers(uow: UnitOfWork, fonds_code: str, dossier_ids: Sequence[UUID]) -> Sequence[PreservedDossier]:
    """Give sound, listed dossiers of a fonds that are in no delivery, or were named and are due to be delivered again.

    Raises NothingToDeliver, DossiersUnavailable.
    """
    is_free: ColumnElement[bool] = col(PreservedDossier.package_id).is_(None)
    asked = (
        select(PreservedDossier)
        .where(
            PreservedDossier.fonds_code == fonds_code,
            or_(is_free, is_outdated(), is_explained()) if dossier_ids else is_free,
            col(PreservedDossier.dossier_id).not_in(unlisted()),
        )
        .order_by(col(PreservedDossier.file_code), col(PreservedDossier.dossier_id))
        .with_for_update()
    )
    if dossier_ids:
        asked = asked.where(col(PreservedDossier.dossier_id).in_(dossier_ids))
    waiting = (await uow.session.exec(asked)).all()
    unsound = {each.dossier_id for each in await damaged(uow.session, waiting)}
    found = [each for each in waiting if each.dossier_id not in unsound]
    if not found and not dossier_ids:
        raise NothingToDeliver
    missing = set(dossier_ids) - {dossier.dossier_id for dossier in found}
    if missing:
        reasons = await reasons_of(uow.session, fonds_code, missing)
        raise DossiersUnavailable(f"{len(missing)} dossiers", dossiers=sorted(reasons), reasons=reasons)
    return found


async def open_delivery(uow: UnitOfWork, delivery_id: UUID) -> Delivery:
    """Let the receiver pull.

    Raises DeliveryUnknown, DeliveryNotReady, StateGoesBackwards, DossierQuarantined, DossierWithdrawn.
    """
    delivery, packages = await locked(uow, delivery_id)
    built = [each for each in packages if each.state == PackageState.BUILT]
    await demand_sound(uow.session, built)
    await demand_listed(uow.session, built)
    if delivery.state in UNOPENED and delivery.manifest_sha256 is None:
        raise DeliveryNotReady
    delivery.state, delivery.opened_at = advance(DeliveryState(delivery.state), DeliveryState.OPEN), now()
    for package in packages:
        if package.state != PackageState.BUILT:
            continue
        package.state = PackageState.OFFERED
        if package.sibling_of:  # its dossier's pages are told of once, with the package beside it
            continue
        uow.publish(
            PackageOffered(
                package_id=PackageId(package.id),
                delivery_id=DeliveryId(delivery_id),
                dossier_id=DossierId(package.dossier_id),
                page_count=package.page_count,
                byte_count=package.size or 0,
                sha256=package.sha256 or "",
            )
        )
    uow.record("delivery.opened", delivery_id)
    return delivery
