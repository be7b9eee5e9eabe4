"""Tell the other services how agencies, and what they have still to transfer, stand now."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.agency import said_by
from services.catalog.models.transfers import Arrangement, Transfer, TransferMinutes
from services.catalog.operations.agencies import names_of
from services.catalog.operations.agency_codes import code_spans_of
from shared.clock import day_in_vietnam, now
from shared.events.catalog import AgencyDescription, ArrangementReport, ReceivedTransfer, TransferChanged
from shared.ids import AgencyId, TransferId
from shared.uow import UnitOfWork


async def described(session: AsyncSession, agency_id: UUID) -> AgencyDescription:
    """Describe an agency by its present name and code, or the last it had."""
    today = day_in_vietnam(now())
    names, codes = await names_of(session, agency_id), await code_spans_of(session, agency_id)
    name, code = said_by(names, today), said_by(codes, today)
    return AgencyDescription(id=AgencyId(agency_id), name=name.text if name else "", code=code.text if code else "")


async def tell_transfer(uow: UnitOfWork, transfer: Transfer) -> None:
    """Tell others of a transfer as it stands now, the whole of it."""
    await uow.session.flush()
    asked = select(Arrangement).where(Arrangement.transfer_id == transfer.id).order_by(col(Arrangement.reported_on))
    reports = [
        ArrangementReport(reported_on=each.reported_on, arranged_cm=each.arranged_cm)
        for each in await uow.session.exec(asked)
    ]
    minutes = await uow.session.get(TransferMinutes, transfer.id)
    received = minutes and ReceivedTransfer.model_validate(minutes, from_attributes=True)
    uow.publish(
        TransferChanged(
            transfer_id=TransferId(transfer.id),
            version=transfer.version,
            agency=await described(uow.session, transfer.agency_id),
            registered_on=day_in_vietnam(transfer.registered_at),
            arrangements=tuple(reports),
            received=received,
            **transfer.model_dump(include={"title", "state", "planned_year", "dossier_count", "shelf_cm", "box_count"}),
        )
    )
