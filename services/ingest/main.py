"""Assembles ingest; decides nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from services.ingest.api import router
from services.ingest.context import Context
from services.ingest.handlers import subscriptions
from services.ingest.models import plumbing
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.sealing import seal_dossier
from services.ingest.operations.sweeping import SWEEP, order_sweep, sweep_incoming
from services.ingest.receipts import ReceiptBook
from services.ingest.settings import IngestSettings as Settings
from services.ingest.swept import SweptCount
from shared.database import Database
from shared.metrics import Meter
from shared.service import Service
from shared.storage.open import open_store

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    meter = Meter("ingest")
    context = Context(
        database=Database(settings.database_url, plumbing),
        incoming=open_store(settings.store_incoming_url, "incoming"),
        archive=open_store(settings.store_archive_url, "archive"),
        reserve=open_store(settings.store_reserve_url, "reserve"),
        receipts=ReceiptBook(),
        largest_page=settings.ingest_largest_page,
        slowest_seconds=settings.ingest_slowest_seconds,
        keep_incoming=timedelta(days=settings.ingest_keep_incoming_days),
        keep_strays=timedelta(days=settings.ingest_keep_strays_days),
        keep_uploads=timedelta(days=settings.ingest_keep_uploads_days),
        swept=SweptCount(meter),
    )
    stores = (context.incoming, context.archive, context.reserve)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        for store in stores:
            await store.prepare()
        await context.receipts.open(context.database)
        yield
        for store in stores:
            await store.close()

    return Service(
        name="ingest",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=meter,
        kinds={SEAL: partial(seal_dossier, context), SWEEP: partial(sweep_incoming, context)},
        hands=settings.ingest_sealings,
        opened=opened,
        hourly=partial(order_sweep, context),
    )
