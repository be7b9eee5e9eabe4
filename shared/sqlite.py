"""SQLite, with the strict promises: how its connections open, begin, and take a statement to their thread."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.errors import Unavailable

Parameters = Iterable[Any]


class PromisesNotKept(Unavailable):
    """SQLite does not keep its promises here: a commit may be lost at a power cut."""

    code = "database.unavailable"


def sqlite_engine(url: str, begin: str, pool_size: int) -> AsyncEngine:
    """Make an engine whose transactions open as `begin` says. Its connections raise PromisesNotKept."""
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"timeout": 10, "async_creator_fn": connection_to},
    )

    @event.listens_for(engine.sync_engine, "begin")
    def open_transaction(connection: Any) -> None:  # noqa: ANN401 (SQLAlchemy hands its own connection)
        connection.exec_driver_sql(begin)

    return engine


def connection_to(database: str, **options: Any) -> "OneHopConnection":  # noqa: ANN401 (the driver's own options)
    """Make a connection, opened when it is awaited; its thread ends with the process."""
    made = OneHopConnection(partial(strict_connection, database, **options), iter_chunk_size=64)
    made._thread.daemon = True
    return made


def strict_connection(database: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 (the driver's own options)
    """Open a database with the strict promises. Raises PromisesNotKept."""
    connection: sqlite3.Connection = sqlite3.connect(database, isolation_level=None, **options)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA synchronous").fetchone() != (2,):
        connection.close()
        raise PromisesNotKept
    return connection


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors go to its thread once a statement.

    aiosqlite goes four times: for a cursor, the statement, the rows, the end. Each way costs two switches of thread,
    which for the small statements of a unit of work is more than the statement.
    """

    def cursor(self) -> "OneHopCursor":  # type: ignore[override] # SQLAlchemy enters it, and enters ours alike
        """Give a cursor without asking the thread for one."""
        return OneHopCursor(self)

    async def create_function(self, *named: Any, **options: Any) -> None:  # noqa: ANN401 (the driver's own)
        """Add a function, at once: done while connecting, a hop to the thread could be cut off and leak us."""
        self._conn.create_function(*named, **options)


class OneHopCursor:
    """A statement and all its rows, fetched where the statement ran; whoever wants portions asks for portions."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        """Run a statement and keep its rows."""
        await self._hop("execute", statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Parameters]) -> Self:
        """Run a statement once for each set of parameters."""
        await self._hop("executemany", statement, parameters)
        return self

    async def _hop(self, how: str, statement: str, parameters: Any) -> None:  # noqa: ANN401 (one set or many)
        await self._connection._execute(self._run, how, statement, parameters)  # type: ignore[no-untyped-call] # its own

    def _run(self, how: str, statement: str, parameters: Any) -> None:  # noqa: ANN401 (one set or many)
        cursor = self._connection._conn.cursor()
        try:
            getattr(cursor, how)(statement, parameters)
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else ()
        finally:
            cursor.close()

    async def fetchall(self) -> Sequence[Any]:
        """Give the rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Let go of the rows."""
        self._rows = ()
