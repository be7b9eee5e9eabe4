"""Somebody who leaves a fact with a server and asks for it later, for each server of the full mode."""

import asyncio
import io
from abc import ABC, abstractmethod
from pathlib import Path
from typing import cast

import aio_pika
import asyncpg  # type: ignore[import-untyped]
from aio_pika.abc import AbstractChannel
from minio.error import S3Error

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.seaweed import Seaweed
from cli.backing.server import Server
from tests.raw_stores import s3_client

FACT = b"the masters are in shelf 12"
LEADER_KNOWN_AFTER = 5.0  # a quorum queue that is killed earlier may never get a leader again


class Client(ABC):
    """One server with somebody who leaves a fact there and asks for it later."""

    kind: type[Server]

    def __init__(self, folder: Path) -> None:
        self.server = self.kind(folder)

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    async def leave(self) -> None: ...

    @abstractmethod
    async def ask(self) -> bytes | None: ...


class SqlClient(Client):
    kind = Postgres
    server: Postgres

    @property
    def url(self) -> str:
        return self.server.create_database("catalog").replace("+asyncpg", "")

    async def leave(self) -> None:
        session = await asyncpg.connect(self.url)
        await session.execute("CREATE TABLE fact (told bytea)")
        await session.execute("INSERT INTO fact VALUES ($1)", FACT)
        await session.close()

    async def ask(self) -> bytes | None:
        session = await asyncpg.connect(self.url)
        try:
            return cast(bytes, await session.fetchval("SELECT told FROM fact"))
        except asyncpg.UndefinedTableError:
            return None
        finally:
            await session.close()


class QueueClient(Client):
    kind = RabbitMq
    server: RabbitMq

    @property
    def url(self) -> str:
        return self.server.url

    async def leave(self) -> None:
        async with await aio_pika.connect(self.url) as session:
            channel = await session.channel()
            await self.queue(channel)
            message = aio_pika.Message(FACT, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, "facts")
        await asyncio.sleep(LEADER_KNOWN_AFTER)

    async def ask(self) -> bytes | None:
        async with await aio_pika.connect(self.url) as session:
            message = await (await self.queue(await session.channel())).get(fail=False)
            return message.body if message else None

    async def queue(self, channel: AbstractChannel) -> aio_pika.abc.AbstractQueue:
        return await channel.declare_queue("facts", durable=True, arguments={"x-queue-type": "quorum"})


class ObjectClient(Client):
    kind = Seaweed
    server: Seaweed

    @property
    def url(self) -> str:
        return self.server.url("facts")

    async def leave(self) -> None:
        caller = s3_client(self.url)
        caller.make_bucket("facts")
        caller.put_object("facts", "fact", io.BytesIO(FACT), len(FACT))

    async def ask(self) -> bytes | None:
        try:
            return s3_client(self.url).get_object("facts", "fact").read()
        except S3Error as error:
            if error.code != "NoSuchBucket":
                raise
            return None


KINDS = [SqlClient, QueueClient, ObjectClient]
