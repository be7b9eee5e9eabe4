"""Assembles identity; decides nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.identity.api import router
from services.identity.context import Context
from services.identity.handlers import subscriptions
from services.identity.keys import KeyRing
from services.identity.models import plumbing
from services.identity.operations.secrets import nobodys_hash
from services.identity.operations.setup import has_admin, make_setup_token
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
        public_url=settings.identity_public_url.rstrip("/"),
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        await context.keys.open(context.database)
        await asyncio.to_thread(nobodys_hash)  # else the first unknown name would take longer than a known one
        if not await has_admin(context.database):
            offer_setup(f"{context.public_url}/identity/setup#token={await make_setup_token(context.database)}")
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


def offer_setup(link: str) -> None:
    """Show the setup link to the person who started the program: plainly, not as a log line among others."""
    sys.stderr.write(f"setup link: {link}\n")
    sys.stderr.flush()
