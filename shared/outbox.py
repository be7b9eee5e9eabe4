"""The relay: takes events from the outbox to the bus, and marks them only when the bus has them safe.

Never a cursor over positions: transactions commit in another order than they took their numbers, and a cursor
would step over the late ones. Unsent rows are found by being unsent.
"""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.bus.port import Bus, Letter
from shared.clock import now
from shared.database import Database
from shared.errors import Unavailable
from shared.metrics import Meter

BATCH = 200
LONGEST_REST = 1.0
log = logging.getLogger(__name__)


class Relay:
    """Passes one service's events on, woken by its commits and at least once a second."""

    def __init__(self, database: Database, bus: Bus, meter: Meter) -> None:
        self._database = database
        self._bus = bus
        self._meter = meter

    async def run(self, stopping: asyncio.Event) -> None:
        """Pass events on until it shall stop; an outage only makes them wait."""
        woken = self._database.published
        while not stopping.is_set():
            woken.clear()
            try:
                found, sent = await self.pass_on()
            except Unavailable as outage:
                log.warning("the outbox waits: %s", outage)
                found, sent = 0, 0
            if (found < BATCH or not sent) and not stopping.is_set():
                await for_at_most(LONGEST_REST, woken)  # other processes write to this database too

    async def pass_on(self) -> tuple[int, int]:
        """Publish one batch; gives how many events were found and how many are safe.

        PostgreSQL locks the rows meanwhile, so that several relays share the work. SQLite has one relay, and its
        only writer must stay free: listeners in the same database may need it.
        """
        if self._database.locks_rows:
            async with self._database.writing() as uow:
                letters = await self._unsent(uow.session)
                accepted = await self._bus.publish(letters) if letters else set()
                await self._mark(uow.session, accepted)
        else:
            async with self._database.reading() as session:
                letters = await self._unsent(session)
            accepted = await self._bus.publish(letters) if letters else set()
            if accepted:
                async with self._database.writing() as uow:
                    await self._mark(uow.session, accepted)
        self._meter.sent.inc(len(accepted))
        return len(letters), len(accepted)

    async def _unsent(self, session: AsyncSession) -> Sequence[Letter]:
        outbox = self._database.plumbing.outbox
        rows = await session.exec(
            select(outbox.id, outbox.name, outbox.body)
            .where(col(outbox.sent_at).is_(None))
            .order_by(col(outbox.position))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        return [Letter(*row) for row in rows]

    async def _mark(self, session: AsyncSession, sent: set[UUID]) -> None:
        outbox = self._database.plumbing.outbox
        if sent:
            await session.exec(update(outbox).where(col(outbox.id).in_(sent)).values(sent_at=now()))


async def for_at_most(seconds: float, event: asyncio.Event) -> None:
    """Wait for an event, but not for ever."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
