"""A service's own database: SQLite on one machine, PostgreSQL on several."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.errors import Unavailable
from shared.plumbing import Plumbing
from shared.sqlite import sqlite_engine
from shared.uow import SYSTEM, Caller, UnitOfWork

OUTAGES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN")


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database.unavailable"


@asynccontextmanager
async def outages_named() -> AsyncIterator[None]:
    """Turn a lost database into DatabaseUnavailable, and let every other database error through."""
    try:
        yield
    except (OSError, PoolTimeout, InterfaceError) as lost:
        raise DatabaseUnavailable(str(lost)) from lost
    except DBAPIError as lost:
        if lost.connection_invalidated or is_outage(lost):
            raise DatabaseUnavailable(str(lost.orig)) from lost
        raise


def is_outage(error: DBAPIError) -> bool:
    """Say whether the database is away, full or busy, and not merely refusing what was asked.

    PostgreSQL: SQLSTATE classes 57P (stopping, starting), 08 (connection), 53 (no room), 40 (given up, so that another
    transaction could go on: a deadlock). SQLite: its result codes.
    """
    state = getattr(error.orig, "sqlstate", None) or ""
    code = getattr(error.orig, "sqlite_errorname", None) or ""
    return state.startswith(("57P", "08", "53", "40")) or code.startswith(OUTAGES)


class Database:
    """Reads and writes of one service; every write is a unit of work.

    SQLite has one writer: writes go through a single connection that begins IMMEDIATE, so nobody waits inside a
    transaction to become a writer. `synchronous=FULL` because NORMAL loses acknowledged commits at a power cut.
    """

    def __init__(self, url: str, plumbing: Plumbing) -> None:
        self.url = make_url(url)
        self.plumbing = plumbing
        self.published = asyncio.Event()
        self.enqueued = asyncio.Event()
        self.locks_rows = self.url.get_backend_name() != "sqlite"
        if not self.locks_rows:
            self._readers = sqlite_engine(self.url.render_as_string(False), "BEGIN", pool_size=4)
            self._writer = sqlite_engine(self.url.render_as_string(False), "BEGIN IMMEDIATE", pool_size=1)
        else:
            self._readers = self._writer = create_async_engine(
                self.url, pool_size=10, max_overflow=10, pool_timeout=15, pool_pre_ping=True,
                connect_args={"timeout": 10},
            )  # fmt: skip

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session for reading; whatever it changed is thrown away."""
        async with outages_named(), AsyncSession(self._readers, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self, caller: Caller = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work; it commits when the block ends and rolls back when it raises."""
        async with outages_named(), AsyncSession(self._writer, expire_on_commit=False) as session:
            uow = UnitOfWork(session, self.plumbing, caller)
            yield uow
            await session.commit()
        if uow.has_published:
            self.published.set()
        if uow.has_enqueued:
            self.enqueued.set()

    def wake(self) -> None:
        """Wake whoever waits for the next commit."""
        self.published.set()
        self.enqueued.set()

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._readers.dispose()
