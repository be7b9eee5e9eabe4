"""Assembles ingest; decides nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from services.ingest.api import router
from services.ingest.context import Context
from services.ingest.drill_age import DrillAge
from services.ingest.fixity_count import FixityCount
from services.ingest.handlers import subscriptions
from services.ingest.models import plumbing
from services.ingest.operations.accepting import SEAL
from services.ingest.operations.forming import make_form
from services.ingest.operations.page_reading import read_page
from services.ingest.operations.reading import FORM, READ
from services.ingest.operations.rescuing import rescue_forms
from services.ingest.operations.revising import revise_dossier
from services.ingest.operations.revision_orders import REVISE, rescue_revisions
from services.ingest.operations.rounds import ROUND, SCRUB, each_hour, scrub_asked, scrub_round, tell_age
from services.ingest.operations.sealing import seal_dossier
from services.ingest.operations.sweeping import SWEEP, order_sweep, sweep_incoming
from services.ingest.reading.desk import ReadingDesk
from services.ingest.receipts import ReceiptBook
from services.ingest.scrubber import Scrubber
from services.ingest.settings import IngestSettings as Settings
from services.ingest.swept import SweptCount
from shared.auth.guard import guarded_router
from shared.database import Database
from shared.eark.profile import profile_named
from shared.imaging.sandbox import Sandbox
from shared.jobs import JobHandler
from shared.metrics import Meter
from shared.register.writing import Register
from shared.service import Service
from shared.storage.open import closing, open_store
from shared.storage.throttle import Throttle

if TYPE_CHECKING:
    from services.ingest.reading.signing import Seal

# what the register need not tell; qc tells how pages were checked and judged
PASSING = ("receipt_key", "upload", "upload_part", "stray", "page_reading", "page_check", "page_verdict")

__all__ = ["Settings", "assemble", "assemble_scrubber"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    meter = Meter("ingest")
    scrubber = scrubber_of(settings, meter)
    context = Context(
        database=scrubber.database,
        incoming=open_store(settings.store_incoming_url, "incoming"),
        archive=scrubber.archive,
        reserve=scrubber.reserve,
        receipts=ReceiptBook(),
        largest_page=settings.ingest_largest_page,
        slowest_seconds=settings.ingest_slowest_seconds,
        keep_incoming=timedelta(days=settings.ingest_keep_incoming_days),
        keep_strays=timedelta(days=settings.ingest_keep_strays_days),
        keep_uploads=timedelta(days=settings.ingest_keep_uploads_days),
        swept=SweptCount(meter),
        desk=ReadingDesk(
            sandbox=Sandbox(max(1, settings.ingest_readers)),
            wanted=settings.ingest_reader,
            seconds=settings.ingest_reader_seconds,
            seal=seal_of(settings),
        ),
        form=profile_named(settings.ingest_profile).aip,
        masters_form=profile_named(settings.ingest_masters_profile).aip,
    )
    stores, drill_age = (context.incoming, context.archive, context.reserve), DrillAge(meter)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        async with closing(*stores):
            for store in stores:
                await store.prepare()
            await context.receipts.open(context.database)
            await context.desk.open()
            async with context.desk.sandbox:
                yield

    async def hourly() -> None:
        await rescue_forms(context)
        await rescue_revisions(context)
        await order_sweep(context)
        await drill_age.look(context.database)
        await (each_hour(scrubber) if settings.ingest_scrubs else tell_age(scrubber))

    return Service(
        name="ingest",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=meter,
        kinds={
            SEAL: partial(seal_dossier, context),
            REVISE: partial(revise_dossier, context),
            SWEEP: partial(sweep_incoming, context),
            **(kinds_of(scrubber) if settings.ingest_scrubs else {}),
        },
        hands=settings.ingest_sealings,
        apart={FORM: partial(make_form, context), READ: partial(read_page, context)},
        apart_hands=settings.ingest_readers,
        opened=opened,
        hourly=hourly,
        register=Register.of("ingest", context.database, settings, *PASSING),
    )


def seal_of(settings: Settings) -> "Seal | None":
    """Open what the agency signs with, where it is set. Raises CertificateRefused."""
    if not settings.ingest_certificate:
        return None
    from services.ingest.reading.signing import Seal  # only who signs needs its library
    from shared.signing.certificate import KeyedCertificate
    from shared.signing.timestamps import HttpTimeStamper

    certificate = KeyedCertificate.set_by(settings.ingest_certificate, settings.ingest_certificate_password_file)
    url = settings.ingest_timestamp_url
    return Seal(
        certificate,
        agency=settings.ingest_agency or certificate.common_name,
        fonts=settings.ingest_fonts,
        timestamper=HttpTimeStamper(url) if url else None,
    )


def assemble_scrubber(settings: Settings) -> Service:
    """Put the scrubber together as a process of its own: ingest's database, and both stores with its own key.

    It hears what ingest hears, as every process with ingest's account does: queues are shared by all of them.
    """
    meter = Meter("ingest")
    scrubber = scrubber_of(settings, meter)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        async with closing(*scrubber.stores):
            for store in scrubber.stores:
                await store.prepare()
            yield

    return Service(
        name="ingest",
        folder=Path(__file__).parent,
        router=guarded_router(),
        subscriptions=subscriptions,
        context=scrubber,
        meter=meter,
        kinds=kinds_of(scrubber),
        opened=opened,
        hourly=partial(each_hour, scrubber),
    )


def scrubber_of(settings: Settings, meter: Meter) -> Scrubber:
    """Give the scrubber its means."""
    return Scrubber(
        database=Database(settings.database_url, plumbing),
        archive=open_store(settings.store_archive_url, "archive"),
        reserve=open_store(settings.store_reserve_url, "reserve"),
        pace=Throttle(settings.ingest_scrub_bytes_a_second),
        period=timedelta(days=settings.ingest_scrub_days),
        count=FixityCount(meter),
    )


def kinds_of(scrubber: Scrubber) -> dict[str, JobHandler]:
    """Give the jobs of the scrubber."""
    return {ROUND: partial(scrub_round, scrubber), SCRUB: partial(scrub_asked, scrubber)}
