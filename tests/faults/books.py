"""What the databases of a system say, read from beside it."""

from importlib import import_module
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col

from services.embedded import SERVICES
from shared.events.base import Event
from shared.plumbing import Plumbing
from tests.faults.places import Places

PLUMBING: dict[str, Plumbing] = {name: import_module(f"services.{name}.models").plumbing for name in SERVICES}


class Books:
    """The databases of all services, open to be read; they may be of either kind."""

    def __init__(self, places: Places) -> None:
        self._engines = {name: create_async_engine(url) for name, url in places.databases.items()}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for engine in self._engines.values():
            await engine.dispose()

    async def rows(self, service: str, asked: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Ask the database of a service."""
        async with self._engines[service].connect() as connection:
            return [tuple(row) for row in await connection.execute(asked)]

    async def published(self) -> list[Event]:
        """Give every event that any service has published, as often as it was."""
        events = []
        for service, plumbing in PLUMBING.items():
            outbox = plumbing.outbox
            for name, body in await self.rows(service, select(col(outbox.name), col(outbox.body))):
                events.append(Event.known[name].model_validate_json(body))
        return events

    async def at_rest(self) -> list[str]:
        """Name what is still under way, or given up: events that did not leave, dead letters, jobs not done."""
        told = []
        for service, plumbing in PLUMBING.items():
            outbox, dead, job = plumbing.outbox, plumbing.dead_letter, plumbing.job
            unsent = await self.rows(service, select(col(outbox.name)).where(col(outbox.sent_at).is_(None)))
            letters = await self.rows(service, select(col(dead.name), col(dead.reason)))
            jobs = await self.rows(service, select(col(job.kind), col(job.state)).where(col(job.state) != "done"))
            told += [f"{service}: {name} was not sent" for (name,) in unsent]
            told += [f"{service}: dead letter {name}: {reason}" for name, reason in letters]
            told += [f"{service}: job {kind} is {state}" for kind, state in jobs]
        return told
