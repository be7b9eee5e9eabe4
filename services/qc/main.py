"""Assembles qc; decides nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from services.qc.api import router
from services.qc.context import Context
from services.qc.domain.profile import Profile
from services.qc.handlers import subscriptions
from services.qc.models import plumbing
from services.qc.operations.comparing import COMPARE, compare_pages
from services.qc.operations.hearing import CHECK
from services.qc.operations.looking import look_at_page
from services.qc.settings import QcSettings as Settings
from shared.database import Database
from shared.imaging.sandbox import Sandbox
from shared.metrics import Meter
from shared.register.writing import Register
from shared.service import Service
from shared.storage.open import closing, open_store

PASSING = ("job", "page_seen", "scope_lock")  # what the register need not tell

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(
        database=Database(settings.database_url, plumbing),
        incoming=open_store(settings.store_incoming_url, "incoming"),
        derived=open_store(settings.store_derived_url, "derived"),
        sandbox=Sandbox(settings.qc_workers, memory=settings.qc_memory, deadline=settings.qc_deadline),
        viewing=Sandbox(1, memory=settings.qc_memory, deadline=settings.qc_deadline),
        profile=Profile.load(settings.qc_profile),
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        async with closing(context.incoming, context.derived):
            await context.derived.prepare()
            async with context.sandbox, context.viewing:
                yield

    return Service(
        name="qc",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("qc"),
        kinds={CHECK: partial(look_at_page, context), COMPARE: partial(compare_pages, context)},
        hands=settings.qc_workers,
        opened=opened,
        register=Register.of("qc", context.database, settings, *PASSING),
    )
