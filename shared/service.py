"""A service as the rest of the system sees it: what it is made of, and how it is set to work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from shared.bus.port import Bus
from shared.database import Database
from shared.errors import Unavailable
from shared.inbox import Listener, Subscriptions
from shared.jobs import JobHandler, Worker
from shared.metrics import Meter
from shared.outbox import Relay, for_at_most
from shared.problems import Worded, as_told
from shared.register.writing import Register

HOUR = 3600
GRACE = 5.0
log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Awaitable[None]]  # goes on until the event is set


@dataclass(frozen=True)
class Context:
    """What the operations of a service work with; services add their own parts."""

    database: Database


@dataclass(frozen=True)
class Service:
    """One service, assembled but not yet at work.

    `opened` opens what the context needs beyond the database (stores, worker processes) for as long as the service
    runs; `kinds` are the jobs it does, `hands` at a time, `apart` those with `apart_hands` of their own, for which the
    others never wait; `hourly` is done at the start and every hour after, by each of its processes. `register` is where
    its rows are kept beside the packages. `worded` puts into words what facts of its errors tell by codes.
    """

    name: str
    folder: Path
    router: APIRouter
    subscriptions: Subscriptions
    context: Context
    meter: Meter
    kinds: Mapping[str, JobHandler] = field(default_factory=dict)
    hands: int = 1
    apart: Mapping[str, JobHandler] = field(default_factory=dict)
    apart_hands: int = 1
    opened: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
    hourly: Callable[[], Awaitable[None]] | None = None
    register: Register | None = None
    worded: Worded = as_told

    @property
    def listener(self) -> Listener:
        """Give the ear of this service."""
        return Listener(self.subscriptions, self.context.database, self.meter)

    @asynccontextmanager
    async def at_work(self, bus: Bus) -> AsyncIterator[None]:
        """Listen, relay and do jobs for as long as the block lasts."""
        database = self.context.database
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            await stack.enter_async_context(self.opened())
            if self.register:
                await stack.enter_async_context(self.register.kept())
            await bus.attach(self.listener)
            work: list[Work] = [Relay(database, bus, self.meter).run]
            for kinds, hands in ((self.kinds, self.hands), (self.apart, self.apart_hands)):
                if kinds:
                    work.append(Worker(database, kinds, hands, self.meter).run)
            if self.hourly:
                work.append(partial(every_hour, self.hourly))
            if self.register:
                work.append(self.register.run)
            stopping = asyncio.Event()
            tasks = [asyncio.create_task(keep_going(self.name, each, stopping)) for each in work]
            try:
                yield
            finally:
                stopping.set()
                database.wake()
                await end(tasks)


async def keep_going(service: str, work: Work, stopping: asyncio.Event) -> None:
    """Do background work until it shall stop; a fault in it is told loudly and the work goes on."""
    while not stopping.is_set():
        try:
            return await work(stopping)
        except Exception:
            log.exception("background work of %s failed and begins again", service)
            await for_at_most(1, stopping)
    return None


async def every_hour(work: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Do something now and every hour after; an outage is waited out until the next."""
    while not stopping.is_set():
        try:
            await work()
        except Unavailable as outage:
            log.warning("hourly work waits: %s", outage)
        await for_at_most(HOUR, stopping)


async def end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Let work come to the end of what it is at; what takes too long is cut off, to be taken up again later."""
    if tasks:
        _ended, late = await asyncio.wait(tasks, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def service_of(request: Request) -> Service:
    """Give a standing route the service that it speaks of."""
    service: Service = request.app.state.service
    return service


Itself = Annotated[Service, Depends(service_of)]


def context_of(request: Request) -> Context:
    """Give a route its service's context; each service's api says which kind it is."""
    context: Context = request.app.state.context
    return context
