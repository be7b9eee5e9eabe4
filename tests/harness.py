"""How tests run a service: its real app on a real database and folder, callers with real signed tokens."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self
from uuid import UUID

import httpx
from joserfc.jwk import KeySet, OKPKey

from shared.app import compose
from shared.auth.roles import Role
from shared.auth.tokens import TokenChecker, sign_token
from shared.bus.memory import MemoryBus
from shared.bus.port import Bus, Letter
from shared.events.base import Event
from shared.ids import new_id
from shared.service import Service


class Issuer:
    """Stands in for identity: signs tokens with a key of its own, and publishes it as identity does."""

    def __init__(self, folder: Path) -> None:
        self._key = OKPKey.generate_key("Ed25519", auto_kid=True)
        self._file = folder / "identity-keys.json"
        self._file.write_text(json.dumps(KeySet([self._key]).as_dict(private=False)))

    @property
    def url(self) -> str:
        """Give where services find the public key."""
        return f"file://{self._file}"

    def token(self, *roles: Role, name: str = "", account_id: UUID | None = None) -> str:
        """Sign a token for an account with some roles."""
        return sign_token(self._key, account_id or new_id(), name or "+".join(roles) or "nobody", frozenset(roles))


class Bench:
    """A running app and its callers."""

    def __init__(self, app: object, issuer: Issuer, services: Sequence[Service], bus: Bus) -> None:
        self._app = app
        self.issuer = issuer
        self.services = {service.name: service for service in services}
        self.bus = bus
        self._clients: list[httpx.AsyncClient] = []

    def caller(self, *roles: Role, name: str = "", account_id: UUID | None = None) -> httpx.AsyncClient:
        """Give a client that acts as an account with these roles; without roles it has no token at all."""
        headers = {}
        if roles:
            headers["Authorization"] = f"Bearer {self.issuer.token(*roles, name=name, account_id=account_id)}"
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url="http://saoluu.test", headers=headers)
        self._clients.append(client)
        return client

    async def tell(self, service: str, events: Iterable[Event]) -> None:
        """Let a service hear events, as the bus would."""
        letters = [Letter(event.id, event.name, event.model_dump_json()) for event in events]
        await self.services[service].listener.receive(letters)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def bench(issuer: Issuer, *services: Service) -> AsyncIterator[Bench]:
    """Set services to work in this process; events to services that are absent wait in the outbox."""
    bus = MemoryBus()
    app = compose(services, TokenChecker(issuer.url), bus)
    async with app.router.lifespan_context(app), Bench(app, issuer, services, bus) as made:
        yield made
