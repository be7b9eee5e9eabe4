"""Write a service's register into both stores: every hour, and when the service stops.

A register is the rows of the service's own database, but for what passes (queues, locks, uploads, keys). It is made
anew each time and nothing is taken from memory, so no change can have been missed; what is the same as before is the
same object and is not written again. Objects are only added: every earlier head stays readable.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.clock import now
from shared.database import Database
from shared.errors import ArchiveError, Unavailable
from shared.outbox import for_at_most
from shared.register.head import Head, KeptTable, head_key, rows_key
from shared.register.portions import portions_of
from shared.settings import ServiceSettings
from shared.storage.digest import streamed
from shared.storage.open import closing, open_store
from shared.storage.port import AlreadyStored, FixityLost, NotStored, Store
from shared.uow import Caller

WRITTEN = "register.written"
FIRST, EVERY, SHARE = 60.0, 3600.0, 20  # seconds; at most a twentieth of the time is spent on it
STOPS_WITHIN = 20.0
PASSING = frozenset({"outbox", "inbox", "dead_letter", "disabled_account"})
log = logging.getLogger(__name__)


async def last_head(database: Database) -> str | None:
    """Give the key of the last head that a service wrote, as its audit tells it."""
    audit = database.plumbing.audit
    async with database.reading() as session:
        asked = select(audit.facts).where(audit.act == WRITTEN).order_by(col(audit.id).desc()).limit(1)
        facts = (await session.exec(asked)).first()
    return None if facts is None else str(json.loads(facts)["key"])


@dataclass(slots=True)
class Register:
    """The register of one service; `passing` are tables whose rows mean nothing once the system is gone."""

    service: str
    database: Database
    stores: Sequence[Store]
    passing: Collection[str] = ()
    _known: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, service: str, database: Database, settings: ServiceSettings, *passing: str) -> "Register | None":
        """Give the register of a service where settings say that it is kept."""
        if not settings.registers_kept:
            return None
        urls = {"archive": settings.store_archive_url, "reserve": settings.store_reserve_url}
        return cls(service, database, [open_store(url, name) for name, url in urls.items()], passing)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Hold the stores open for as long as the service is at work, and write a last time when it has stopped."""
        async with closing(*self.stores):
            yield
            with suppress(TimeoutError):
                async with asyncio.timeout(STOPS_WITHIN):
                    await self.try_to_write()

    async def run(self, stopping: asyncio.Event) -> None:
        """Write every hour until it shall stop; where that takes long, less often."""
        await for_at_most(FIRST, stopping)
        while not stopping.is_set():
            began = time.monotonic()
            await self.try_to_write()
            await for_at_most(max(EVERY, SHARE * (time.monotonic() - began)), stopping)

    async def try_to_write(self) -> None:
        """Write; what stands against it is told loudly and tried again the next time. An outage passes."""
        try:
            await self.write()
        except Unavailable as away:
            log.warning("the register of %s is not written yet: %s", self.service, away)
        except ArchiveError as failed:
            log.error("the register of %s was not written: %s", self.service, failed)

    async def write(self) -> str | None:
        """Write what the database says now; gives the key of the new head, None when nothing has changed.

        Raises StoreUnavailable, StorageFull, FixityLost, DatabaseUnavailable.
        """
        previous, before = await self.last()
        named = {digest for table in before.values() for digest in table.portions}
        self._known |= {digest for digest in named - self._known if await self.lies_twice(digest)}
        moment = now()  # what comes after is in it or not, what came before is
        tables, revision = await self.write_rows()
        if tables == before:
            return None
        head = Head(service=self.service, written_at=moment, revision=revision, previous=previous, tables=tables)
        body = head.to_bytes()
        key = head_key(head, body)
        await self.keep_twice(key, body)
        async with self.database.writing(Caller(self.service)) as uow:
            uow.record(WRITTEN, None, key=key, rows=head.row_count)
        return key

    async def lies_twice(self, digest: str) -> bool:
        """Say whether both stores have rows: what an earlier process wrote may be gone, and is written again then."""
        key = rows_key(self.service, digest)
        return None not in [await store.size(key) for store in self.stores]

    async def last(self) -> tuple[str | None, dict[str, KeptTable]]:
        """Give the key of the last head, as the audit tells it, and the tables in it; none where it cannot be read."""
        key = await last_head(self.database)
        if key is None:
            return None, {}
        for store in self.stores:
            with suppress(NotStored, FixityLost):
                body = b"".join([chunk async for chunk in store.read(key)])
                if sha256(body).hexdigest() in key:
                    return key, Head.from_bytes(body).tables
        return key, {}

    async def write_rows(self) -> tuple[dict[str, KeptTable], str]:
        """Write the rows of every table that is kept, all as they were at one moment."""
        async with self.database.reading() as session:
            if self.database.locks_rows:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            asked = text("SELECT version_num FROM alembic_version")
            revision = (await (await session.connection()).execute(asked)).scalar_one()
            return {name: await self.write_table(session, name) for name in self.tables}, str(revision)

    @property
    def tables(self) -> list[str]:
        """Name the tables that are kept."""
        every = self.database.plumbing.metadata.tables
        return sorted(name for name in every if name not in PASSING and name not in self.passing)

    async def write_table(self, session: AsyncSession, name: str) -> KeptTable:
        """Write the rows of one table, but for what the register says of itself: else it would never be the same."""
        table = self.database.plumbing.metadata.tables[name]
        untold: list[Any] = [table.c.act != WRITTEN] if name == "audit" else []
        digests, count = list[str](), 0
        async for portion in portions_of(session, table, untold):
            digest = sha256(portion.body).hexdigest()
            if digest not in self._known:
                await self.keep_twice(rows_key(self.service, digest), portion.body)
                self._known.add(digest)
            digests.append(digest)
            count += portion.row_count
        return KeptTable(row_count=count, portions=tuple(digests))

    async def keep_twice(self, key: str, body: bytes) -> None:
        """Write an object to both stores and read each back. Raises FixityLost."""
        digest = sha256(body).hexdigest()
        for store in self.stores:
            with suppress(AlreadyStored):  # from a writing that was killed; the bytes are compared all the same
                await store.put_new(key, streamed(body), size=len(body), sha256=digest)
            if (await store.read_back(key)).sha256 != digest:
                raise FixityLost(f"{store.name}: {key}")
