"""Assembles identity; decides nothing."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.identity.api import router
from services.identity.context import Context
from services.identity.handlers import subscriptions
from services.identity.keys import KeyRing
from services.identity.models import plumbing
from services.identity.operations.accounts import make_setup_token
from services.identity.settings import IdentitySettings as Settings
from shared.database import Database
from shared.metrics import Meter
from shared.service import Service

__all__ = ["Settings", "assemble"]


def assemble(settings: Settings) -> Service:
    """Put the service together; nothing is opened yet."""
    context = Context(
        database=Database(settings.database_url, plumbing),
        keys=KeyRing(settings.identity_keys_url),
        public_url=settings.identity_public_url,
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        await context.keys.open(context.database)
        token = await make_setup_token(context.database)
        if token is not None:
            sys.stderr.write(f"setup link: {context.public_url}/identity/setup#token={token}\n")
            sys.stderr.flush()
        yield

    return Service(
        name="identity",
        folder=Path(__file__).parent,
        router=router,
        subscriptions=subscriptions,
        context=context,
        meter=Meter("identity"),
        opened=opened,
    )
