"""The ear of a service: every event once in effect, whatever the bus repeats, in the transaction of the reaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shared.bus.port import Letter
from shared.clock import now
from shared.database import Database
from shared.errors import Unavailable
from shared.events.base import Event
from shared.metrics import Meter
from shared.plumbing import DeadLetterColumns
from shared.uow import Caller, UnitOfWork

E = TypeVar("E", bound=Event)
Handler = Callable[[E, UnitOfWork], Awaitable[None]]
HandlerOfMany = Callable[[Sequence[E], UnitOfWork], Awaitable[None]]

ATTEMPTS = 5
AT_ONCE, LONGEST_SHARED = 512, 1 << 14  # letters remembered, and characters of one: 8 MB at most
LONGEST_PAUSE = 5.0
log = logging.getLogger(__name__)


class Subscriptions:
    """The events one service listens to: a typed table, filled by decorators in its handlers module."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.handlers: dict[type[Event], Handler[Any]] = {}
        self.many: dict[type[Event], HandlerOfMany[Any]] = {}

    def on(self, event_type: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        """Register the one handler this service has for an event type."""

        def register(handler: Handler[E]) -> Handler[E]:
            if event_type in self.handlers:
                raise ValueError(f"{self.service} already handles {event_type.name}")
            self.handlers[event_type] = handler
            return handler

        return register

    def on_many(self, event_type: type[E]) -> Callable[[HandlerOfMany[E]], HandlerOfMany[E]]:
        """Register a handler that takes what came together of an event type at once: thousands come after one act."""

        def register(handler: HandlerOfMany[E]) -> HandlerOfMany[E]:
            async def one(event: E, uow: UnitOfWork) -> None:
                await handler([event], uow)

            self.on(event_type)(one)
            self.many[event_type] = handler
            return handler

        return register


class Listener:
    """Settles letters: a batch in one transaction if all goes well, one by one if not."""

    def __init__(self, subscriptions: Subscriptions, database: Database, meter: Meter) -> None:
        self.service = subscriptions.service
        self._handlers = subscriptions.handlers
        self._many = subscriptions.many
        self._database = database
        self._meter = meter

    async def receive(self, letters: Sequence[Letter]) -> None:
        """Settle every letter. An outage (database, store) is waited out: it is nobody's fault and costs no attempt."""
        pause = 0.1
        while True:
            try:
                await self._settle(letters)
            except Unavailable as outage:
                log.warning("events wait: %s", outage, extra={"service": self.service})
                self._meter.redelivered.inc(len(letters))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def _settle(self, letters: Sequence[Letter]) -> None:
        try:
            await self._handle(letters)
        except Unavailable:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever a handler does, every letter must be settled
            if len(letters) > 1:
                for letter in letters:
                    await self._settle([letter])
            else:
                await self._try_again(letters[0], failure)

    async def _handle(self, letters: Sequence[Letter]) -> None:
        inbox = self._database.plumbing.inbox
        async with self._database.writing() as uow:
            ids = [letter.id for letter in letters]
            known = set(await uow.session.exec(select(inbox.event_id).where(col(inbox.event_id).in_(ids))))
            fresh = {letter.id: letter for letter in letters if letter.id not in known}
            events = [event_of(letter) for letter in fresh.values()]
            for _, together in groupby(events, key=lambda event: (event.name, event.actor, event.correlation_id)):
                await self._react(list(together), uow)

    async def replay(self, letter: Letter, uow: UnitOfWork) -> None:
        """React to one letter within a unit of work; whatever the handler raises passes through."""
        await self._react([event_of(letter)], uow)

    async def _react(self, events: Sequence[Event], uow: UnitOfWork) -> None:
        """React to events of one kind that one act has caused."""
        first = events[0]
        caller, uow.caller = uow.caller, Caller(f"{self.service}: {first.actor}", correlation_id=first.correlation_id)
        heard = [{"event_id": event.id, "name": event.name} for event in events]
        await uow.session.exec(insert(self._database.plumbing.inbox), params=heard)
        if type(first) in self._many:
            await self._many[type(first)](events, uow)
        else:
            for event in events:
                await self._handlers[type(event)](event, uow)
        uow.caller = caller
        self._meter.handled.labels(first.name).inc(len(events))

    async def raise_dead(self, event_id: UUID, uow: UnitOfWork) -> DeadLetterColumns | None:
        """React to an event that was given up on; None when there is none. What the handler raises passes through."""
        row = await uow.session.get(uow.plumbing.dead_letter, event_id)
        if row is None:
            return None
        await self.replay(Letter(row.event_id, row.name, row.body), uow)
        row.replayed_at = now()
        uow.record("dead_letter.replayed", event_id, event=row.name, reason=row.reason)
        return row

    async def _try_again(self, letter: Letter, failure: Exception) -> None:
        """A race may be won the second time; what fails for good is kept with its reason for a person to see."""
        for attempt in range(1, ATTEMPTS):
            if not (isinstance(failure, IntegrityError) or getattr(failure, "retryable", False)):
                break
            await asyncio.sleep(0.05 * 2**attempt)
            try:
                return await self._handle([letter])
            except Unavailable:
                raise
            except Exception as again:  # noqa: BLE001 - as above
                failure = again
        await self._bury(letter, f"{type(failure).__name__}: {failure}")
        return None

    async def _bury(self, letter: Letter, reason: str) -> None:
        log.error("dead letter %s: %s", letter.name, reason, extra={"service": self.service})
        dead = self._database.plumbing.dead_letter
        async with self._database.writing() as uow:
            await uow.session.merge(dead(event_id=letter.id, name=letter.name, body=letter.body, reason=reason))
        self._meter.dead.labels(letter.name).inc()


def event_of(letter: Letter) -> Event:
    """Read the event in a letter; within one process its listeners share what was read, unless it is long."""
    return read_once(letter) if len(letter.body) <= LONGEST_SHARED else read_once.__wrapped__(letter)


@lru_cache(maxsize=AT_ONCE)
def read_once(letter: Letter) -> Event:
    """Read a letter, and remember what was read."""
    return Event.known[letter.name].model_validate_json(letter.body)
