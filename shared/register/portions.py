"""Read a table in portions that stay the same when rows elsewhere in it change: cut where a row's key says so."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isal.isal_zlib import crc32
from sqlalchemy import Table, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.register.rows import line_of, plain

AT_ONCE = 1000
CUT_EVERY = 1024
LARGEST = 4 << 20


@dataclass(frozen=True, slots=True)
class Portion:
    """Lines of rows, and how many they are."""

    body: bytes
    row_count: int


async def portions_of(session: AsyncSession, table: Table, untold: Sequence[Any] = ()) -> AsyncIterator[Portion]:
    """Give a table's rows in the order of their keys, but for those that conditions leave out.

    About every thousandth key ends a portion: a row that comes or goes changes the portion that it lies in, and no
    other. Never more than one portion is in memory.
    """
    keys = list(table.primary_key.columns)
    names, columns = [key.name for key in keys], [column.name for column in table.columns]
    last: tuple[Any, ...] | None = None
    waiting: list[bytes] = []
    size = 0
    while True:
        asked = select(table).where(*untold).order_by(*keys).limit(AT_ONCE)
        if last is not None:
            asked = asked.where(tuple_(*keys) > tuple_(*last, types=[key.type for key in keys]))
        rows = (await (await session.connection()).execute(asked)).all()
        if not rows:
            break
        told = [dict(zip(columns, row, strict=True)) for row in rows]
        last = tuple(told[-1][name] for name in names)
        for line, is_cut in await asyncio.to_thread(written, told, names):
            waiting.append(line)
            size += len(line)
            if is_cut or size > LARGEST:
                yield Portion(b"".join(waiting), len(waiting))
                waiting, size = [], 0
    if waiting:
        yield Portion(b"".join(waiting), len(waiting))


def written(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[tuple[bytes, bool]]:
    """Write rows as lines, and say of each whether it ends its portion: its key alone decides."""
    return [(line_of(row), crc32(repr([plain(row[name]) for name in names]).encode()) % CUT_EVERY == 0) for row in rows]
