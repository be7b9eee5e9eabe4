"""Handover with dossiers that wait: rows put straight into its database, stores filled without ingest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast
from uuid import UUID

from sqlmodel import col, select

from bench.packages.shelves import FONDS, MOMENT, Kind, Shelves
from services.embedded import embedded_service, folder_of
from services.handover.context import Context
from services.handover.domain.agreement import AgreementState
from services.handover.models import Agreement, Package, PreservedDossier, Receiver
from services.handover.operations.delivering import create_delivery
from shared.jobs import Worker
from shared.migrating import migrate
from shared.service import Service
from shared.uow import Caller

RECEIVER, AGREEMENT = UUID(int=9), UUID(int=10)
OFFICER = Caller("bench")


async def prepare(data: Path, kind: Kind, dossiers: int, *, with_masters: bool = False) -> None:
    """Lay dossiers into the stores, and enter them with a receiver and what was agreed with it."""
    rows = await asyncio.to_thread(laid, data, kind, dossiers)
    async with handover(data) as (_, context):
        await asyncio.to_thread(
            migrate, folder_of("handover"), context.database.url.render_as_string(hide_password=False)
        )
        async with context.database.writing() as uow:
            uow.session.add_all(rows)
            uow.session.add(Receiver(account_id=RECEIVER, name="Cục", may_receive=True, heard_at=MOMENT))
            uow.session.add(
                Agreement(
                    id=AGREEMENT, receiver_id=RECEIVER, receiver_name="Cục", fonds_code=FONDS.code,
                    agreed_on=MOMENT.date(), reference="01/TT", state=AgreementState.AGREED,
                    with_masters=with_masters,
                )
            )  # fmt: skip


def laid(data: Path, kind: Kind, dossiers: int) -> Sequence[PreservedDossier]:
    """Lay so many dossiers."""
    shelves = Shelves(data)
    (data / "handover").mkdir()
    return [shelves.lay(number, kind) for number in range(1, dossiers + 1)]


@asynccontextmanager
async def handover(data: Path) -> AsyncIterator[tuple[Service, Context]]:
    """Have handover's means for as long as the block lasts; nobody works there by himself."""
    service = embedded_service("handover", data)
    context = cast(Context, service.context)
    try:
        yield service, context
    finally:
        await context.archive.close()
        await context.reserve.close()
        await context.database.close()


async def built(service: Service, context: Context, *kinds: str) -> Sequence[Package]:
    """Order a delivery of all that waits and do its jobs of some kinds, one after the other; gives its packages."""
    async with context.database.writing(OFFICER) as uow:
        delivery = await create_delivery(uow, AGREEMENT, [])
    worker = Worker(context.database, {kind: service.kinds[kind] for kind in kinds}, 1, service.meter)
    while await worker.work_once():
        pass
    async with context.database.reading() as session:
        asked = select(Package).where(Package.delivery_id == delivery.id).order_by(col(Package.number))
        return (await session.exec(asked)).all()
