"""Load the registers: the newest whole head of each service, its rows into the new database."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from cli.language import say
from cli.restore.ground import SERVICES, NewGround
from cli.restore.newer import outdated, tell_gaps
from cli.restore.origin import Origin
from cli.restore.protocol import Loaded, Protocol
from shared.plumbing import OutboxColumns, Plumbing
from shared.register.head import Head, rows_key
from shared.register.reading import newest, right_body
from shared.register.rows import RowMalformed, rows_in
from shared.register.writing import WRITTEN
from shared.storage.port import Store
from shared.uow import Caller

RESTORER = Caller("restore")


async def load_registers(ground: NewGround, origin: Origin, protocol: Protocol) -> None:
    """Load what the services said last; a service without a register begins empty, and that is told.

    An older register than the one that is known of is taken where that one is lost, and that is told.
    """
    stores, known = origin.stores, origin.known_heads
    for service in SERVICES:
        found = await newest(stores, service)
        if known.get(service, "") > (found.key or ""):
            protocol.differs(outdated(service, known[service], found))
        if found.head is not None and found.key is not None and not found.broken:
            told = protocol.notes if service in known or protocol.sample is not None else protocol.differences
            await tell_gaps(stores, found.head, protocol, told)
        for broken in found.broken:
            protocol.differs(
                say(f"sổ đăng ký {service} không trọn vẹn: {broken}", f"register of {service}: not whole: {broken}")
            )
        if found.head is None or found.key is None:
            protocol.differs(
                say(
                    f"không tìm thấy sổ đăng ký {service}: chỉ còn gói tin cho biết",
                    f"no register of {service} was found: only the packages tell",
                )
            )
            continue
        await load_known_shape(ground, stores, found.head, found.key, protocol)


async def load_known_shape(
    ground: NewGround, stores: Sequence[Store], head: Head, key: str, protocol: Protocol
) -> None:
    """Load a register whose shape is known, or was; one of a newer shape is not guessed at."""
    service = head.service
    protocol.registers[service] = Loaded(key, head.written_at, 0)
    shape = await revision_of(ground, service)
    if head.revision > shape:
        protocol.differs(
            say(
                f"sổ đăng ký {service} theo dạng mới hơn {head.revision}, chỉ biết {shape}",
                f"register of {service}: of the newer shape {head.revision}, known is {shape}",
            )
        )
        return
    if head.revision < shape:
        protocol.notes.append(
            say(
                f"sổ đăng ký {service} theo dạng {head.revision}, đã nạp vào {shape}",
                f"register of {service}: of the shape {head.revision}, loaded into {shape}",
            )
        )
    try:
        rows = await load(ground, stores, head, key, protocol)
        protocol.registers[service] = Loaded(key, head.written_at, rows)
    except RowMalformed as wrong:
        protocol.differs(say(f"sổ đăng ký {service}: {wrong}", f"register of {service}: {wrong}"))


async def revision_of(ground: NewGround, service: str) -> str:
    """Give the shape of a new database."""
    async with ground.databases[service].reading() as session:
        asked = text("SELECT version_num FROM alembic_version")
        return str((await (await session.connection()).execute(asked)).scalar_one())


async def load(ground: NewGround, stores: Sequence[Store], head: Head, key: str, protocol: Protocol) -> int:
    """Load one register in one transaction, hold every count against its head, and give how many rows came in."""
    plumbing, row_count = ground.plumbing(head.service), 0
    async with ground.databases[head.service].writing(RESTORER) as uow:
        for table in plumbing.metadata.sorted_tables:
            kept = head.tables.get(table.name)
            if kept is None:
                continue
            for digest in kept.portions:
                body = await right_body(stores, rows_key(head.service, digest), digest) or b""
                rows = await asyncio.to_thread(rows_in, table, body)
                await enter(uow.session, table, with_defaults(plumbing, table, rows))
            there = int(
                (await (await uow.session.connection()).execute(select(func.count()).select_from(table))).scalar_one()
            )
            row_count += there
            if there != kept.row_count:
                protocol.differs(
                    say(
                        f"{head.service}.{table.name}: {there} dòng, sổ đăng ký ghi {kept.row_count}",
                        f"{head.service}.{table.name}: {there} rows, the register tells {kept.row_count}",
                    )
                )
        for name in head.tables.keys() - plumbing.metadata.tables.keys():
            protocol.notes.append(
                say(
                    f"{head.service}: không còn biết bảng {name}",
                    f"{head.service}: the table {name} is not known any more",
                )
            )
        uow.record(WRITTEN, None, key=key, rows=head.row_count)  # the next head names this one
        uow.record("register.restored", None, key=key, rows=head.row_count)
    protocol.counts["register_rows"] = protocol.counts.get("register_rows", 0) + row_count
    return row_count


async def enter(session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Enter rows."""
    if rows:
        await (await session.connection()).execute(insert(table), list(rows))


def with_defaults(plumbing: Plumbing, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Give rows of an older shape the columns that came since, as a new row would have them."""
    if not rows or rows[0].keys() == {column.name for column in table.columns}:
        return rows
    defaults = {
        column.name: defaulted(plumbing, table, column.name)
        for column in table.columns
        if column.name not in rows[0] and not column.primary_key
    }
    return [{**defaults, **row} for row in rows]


def defaulted(plumbing: Plumbing, table: Table, name: str) -> Any:  # noqa: ANN401 (whatever a column holds)
    """Give what a new row has in a column."""
    for model in models_of(plumbing):
        if getattr(model, "__tablename__", None) == table.name:
            return model.model_fields[name].get_default(call_default_factory=True)
    return None


def models_of(plumbing: Plumbing) -> list[type[SQLModel]]:
    """Give the classes of all tables of a database."""
    base: type[SQLModel] = next(each for each in plumbing.outbox.__bases__ if each is not OutboxColumns)
    return base.__subclasses__()
