"""Identity at work, for its tests: the real app on a real database, and callers whose tokens it signed itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from unittest.mock import patch
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlmodel import select

from services.identity.domain import patience
from services.identity.domain.duties import kind_for
from services.identity.domain.patience import pause_after
from services.identity.models import plumbing
from services.identity.operations.accounts import create
from services.identity.operations.signing_in import signed
from shared.app import compose
from shared.auth.roles import Role
from shared.auth.tokens import TokenChecker
from shared.bus.memory import MemoryBus
from shared.database import Database
from shared.service import Service
from tests.grounds import Ground

PASSWORD = "mưa rơi trên mái ngói"  # noqa: S105 - nobody's


@dataclass(frozen=True, slots=True)
class Somebody:
    """An account and a client that acts as it."""

    id: UUID
    name: str
    secret: str
    http: httpx.AsyncClient


class FrontDesk:
    """Where accounts are made and people sign in."""

    def __init__(self, service: Service, app: FastAPI) -> None:
        self.service = service
        self.app = app
        self.database: Database = service.context.database
        self.clients: list[httpx.AsyncClient] = []

    def client(self, token: str = "", scheme: str = "http", source: str = "127.0.0.1") -> httpx.AsyncClient:
        """Give a client, of nobody if there is no token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(source, 50000))
        made = httpx.AsyncClient(transport=transport, base_url=f"{scheme}://saoluu.test", headers=headers)
        self.clients.append(made)
        return made

    async def somebody(self, *roles: Role, name: str = "", password: str | None = None) -> Somebody:
        """Make an account with these roles and give a client with its token."""
        async with self.database.writing() as uow:
            account, secret = await create(
                uow, name or "+".join(roles), kind_for(frozenset(roles)), frozenset(roles), password
            )
        token = signed(self.service.context, account)  # type: ignore[arg-type]
        return Somebody(account.id, account.name, secret, self.client(token))

    async def acts(self) -> Sequence[str]:
        """Give what the audit says, oldest first."""
        async with self.database.reading() as session:
            return (await session.exec(select(plumbing.audit.act).order_by(plumbing.audit.id))).all()  # type: ignore[arg-type]

    async def events(self) -> Sequence[str]:
        """Give the names of the events that left or will leave."""
        async with self.database.reading() as session:
            return (await session.exec(select(plumbing.outbox.name))).all()


@asynccontextmanager
async def front_desk(ground: Ground, *others: Service) -> AsyncIterator[FrontDesk]:
    """Set identity to work, alone or with others beside it.

    Whoever fails waits a minute where he would wait a second: a busy machine may take a second for what is refused.
    """
    keys = (ground.folder / "keys.json").as_uri()
    service = await ground.service("identity", identity_keys_url=keys, identity_public_url="http://saoluu.test")
    app = compose([service, *others], TokenChecker(keys), MemoryBus())
    stretched = patch.object(patience, "pause_after", lambda failures: 60 * pause_after(failures))
    async with app.router.lifespan_context(app):
        desk = FrontDesk(service, app)
        with stretched:
            yield desk
        for client in desk.clients:
            await client.aclose()


async def sign_in(client: httpx.AsyncClient, name: str, password: str) -> httpx.Response:
    """Try a name and a password."""
    return await client.post("/identity/sessions", json={"name": name, "password": password})


async def take_token(client: httpx.AsyncClient) -> httpx.Response:
    """Ask for a token with the cookie that the client holds."""
    return await client.post("/identity/tokens", headers={"X-Requested-With": "saoluu"})


async def show_credential(client: httpx.AsyncClient, account_id: UUID | str, secret: str) -> httpx.Response:
    """Ask for a token with a credential."""
    return await client.post("/identity/tokens", json={"account_id": str(account_id), "secret": secret})
