"""From the commit of an act to the commit of the reaction in another service; and how fast a backlog drains.

Each mode as it runs: SQLite files and events in process, or PostgreSQL at both ends of RabbitMQ.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from shared.bus.open import open_bus
from shared.bus.port import Bus
from shared.database import Database
from shared.events.ingest import MasterStored
from shared.events.listeners import LISTENERS
from shared.ids import DossierId, PageId
from shared.inbox import Listener, Subscriptions
from shared.metrics import Meter
from shared.outbox import Relay
from shared.plumbing import Plumbing
from shared.uow import UnitOfWork

SINGLES = 100
BACKLOG = 10_000
DatabaseUrl = Callable[[str], str]  # of a service, by its name


async def measure_event_path(folder: Path) -> list[str]:
    """Give the figures of this measurement, of the embedded and of the full mode."""
    lines = await path_over("memory:", lambda name: f"sqlite+aiosqlite:///{folder / name}.db", "embedded", wanted=20)
    broker, server = RabbitMq(folder / "rabbitmq"), Postgres(folder / "postgres")
    with ExitStack() as ending:
        for each in (broker, server):
            ending.callback(each.stop)
            await asyncio.to_thread(each.start)
        lines += await path_over(broker.url, server.create_database, "RabbitMQ and PostgreSQL", wanted=60)
    return lines


async def path_over(bus_url: str, database_url: DatabaseUrl, name: str, *, wanted: int) -> list[str]:
    """Measure one mode: single events, then a backlog."""
    publisher = await database(await asyncio.to_thread(database_url, "publisher"))
    bus = open_bus(bus_url)
    listeners = [await Ear.open(database_url, service) for service in LISTENERS[MasterStored]]
    for ear in listeners:
        await bus.attach(Listener(ear.subscriptions, ear.database, Meter(ear.subscriptions.service)))
    stopping = asyncio.Event()
    relay = asyncio.create_task(Relay(publisher, bus, Meter("ingest")).run(stopping))
    try:
        waits = [await one(publisher, listeners[0]) for _ in range(SINGLES)]
        rate = await backlog(publisher, listeners)
    finally:
        stopping.set()
        publisher.wake()
        await relay
        await finish(bus, publisher, listeners)
    middle = statistics.median(waits[10:]) * 1000
    return [
        f"event path, {name}: median {middle:.1f} ms (wanted under {wanted})",
        f"backlog, {name}: {BACKLOG} events to {len(listeners)} listeners at {rate:.0f} a second (wanted 500)",
    ]


async def finish(bus: Bus, publisher: Database, listeners: list["Ear"]) -> None:
    """Close everything."""
    await bus.close()
    for each in (publisher, *(ear.database for ear in listeners)):
        await each.close()


class Ear:
    """A listening service that only counts."""

    def __init__(self, service: str, own: Database) -> None:
        self.subscriptions = Subscriptions(service)
        self.database = own
        self.heard = 0
        self.changed = asyncio.Event()
        self.subscriptions.on(MasterStored)(self.hear)

    @classmethod
    async def open(cls, database_url: DatabaseUrl, service: str) -> "Ear":
        """Open a service's database."""
        return cls(service, await database(await asyncio.to_thread(database_url, service)))

    async def hear(self, _event: MasterStored, _uow: UnitOfWork) -> None:
        """Count."""
        self.heard += 1
        self.changed.set()


async def database(url: str) -> Database:
    """Make a database with nothing but the plumbing."""
    base = type("Table", (SQLModel,), {"__module__": __name__}, registry=registry())
    made = Database(url, Plumbing.under(base))
    async with made.writing() as uow:
        connection = await uow.session.connection()
        await connection.run_sync(made.plumbing.metadata.create_all)
    return made


async def one(publisher: Database, ear: Ear) -> float:
    """Publish one event; gives the seconds from its commit to the commit of the reaction."""
    inbox = ear.database.plumbing.inbox
    event = stored()
    async with publisher.writing() as uow:
        uow.publish(event)
    started = time.perf_counter()
    while True:
        async with ear.database.reading() as session:
            if await session.get(inbox, event.id) is not None:
                return time.perf_counter() - started
        await asyncio.sleep(0.0005)


async def backlog(publisher: Database, ears: list[Ear]) -> float:
    """Publish many events at once; gives how many a second every listener has heard."""
    before = [ear.heard for ear in ears]
    async with publisher.writing() as uow:
        for _ in range(BACKLOG):
            uow.publish(stored())
    started = time.perf_counter()
    while any(ear.heard - had < BACKLOG for ear, had in zip(ears, before, strict=True)):
        await asyncio.sleep(0.01)
    return BACKLOG / (time.perf_counter() - started)


def stored() -> MasterStored:
    """Give an event."""
    return MasterStored(
        page_id=PageId(uuid4()),
        dossier_id=DossierId(uuid4()),
        page_number=1,
        key="k",
        sha256="0" * 64,
        size=1,
        media_type="image/jpeg",
        station="s",
    )
