"""RabbitMQ: a topic exchange, one quorum queue per listener and event, confirms, dead letters.

Known traps and their remedies: publishing on a robust connection can hang for ever after an outage, so plain
connections with deadlines are used and thrown away at the first doubt; a consumer can be lost without an error, so
ours is rebuilt when its channel closes and probed; a handler holding a message too long loses its channel, so
handlers are short and long work is a job.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID, uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, DeliveryError

from shared.bus.port import Letter, Receiver, listeners_of
from shared.events.listeners import LISTENERS

EXCHANGE = "saoluu.events"
DEAD_EXCHANGE = "saoluu.dead"
DELIVERY_LIMIT = 1_000_000  # as good as none: each listener lost in an outage counts, and after 20 RabbitMQ 4 gives up
DEADLINE = 10.0
PREFETCH = 200
PROBE_EVERY = 15.0
log = logging.getLogger(__name__)

LOST = (*CONNECTION_EXCEPTIONS, OSError, TimeoutError, asyncio.InvalidStateError, aio_pika.exceptions.AMQPException)


class RabbitBus:
    """Publishes over one connection and consumes over another, as the broker's manual advises."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._publishing: tuple[AbstractConnection, AbstractExchange] | None = None
        self._declared: set[str] = set()
        self._is_closed = False
        self._consumers: list[asyncio.Task[None]] = []

    async def publish(self, letters: Sequence[Letter]) -> set[UUID]:
        """Publish with confirms; a letter counts as safe when the broker has confirmed it in every listener's queue."""
        if self._is_closed:
            return set()
        try:
            async with asyncio.timeout(DEADLINE):
                exchange = await self._exchange({letter.name for letter in letters})
                sent = await asyncio.gather(*(self._send(exchange, letter) for letter in letters))
        except LOST as outage:
            log.warning("the broker does not answer: %s", repr(outage))
            await self._hang_up()
            return set()
        if not all(sent):
            await self._hang_up()  # declare anew: a queue has gone missing
        return {letter.id for letter, safe in zip(letters, sent, strict=True) if safe}

    async def _send(self, exchange: AbstractExchange, letter: Letter) -> bool:
        message = aio_pika.Message(
            letter.body.encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(uuid4()),  # unique per attempt: a repeated one can hang the publisher
            headers={"event_id": str(letter.id)},
            type=letter.name,
        )
        try:
            await exchange.publish(message, routing_key=letter.name, mandatory=True)
        except DeliveryError:
            return False
        return True

    async def _exchange(self, names: set[str]) -> AbstractExchange:
        if self._publishing is None:
            opened = await aio_pika.connect(self._url, timeout=DEADLINE)
            channel = await opened.channel(publisher_confirms=True, on_return_raises=True)
            self._publishing = opened, await declare_exchange(channel)
            self._declared = set()
        connection, exchange = self._publishing
        for name in names - self._declared:
            channel = await connection.channel()
            for listener in listeners_of(name):
                await declare_queue(channel, listener, name)
            await channel.close()
            self._declared.add(name)
        return exchange

    async def _hang_up(self) -> None:
        held, self._publishing = self._publishing, None
        if held is not None:
            with suppress(*LOST):
                async with asyncio.timeout(2):
                    await held[0].close()

    async def attach(self, receiver: Receiver) -> None:
        """Consume all queues of a service until closed, over outages of any length."""
        self._consumers.append(asyncio.create_task(self._consume_for_ever(receiver)))

    async def _consume_for_ever(self, receiver: Receiver) -> None:
        pause = 0.2
        while True:
            try:
                await Consumer(self._url, receiver).run()
            except LOST as outage:
                log.warning("%s hears nothing: %s", receiver.service, repr(outage))
            except Exception:
                log.exception("the ear of %s failed and listens anew", receiver.service)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def close(self) -> None:
        """Stop consuming and hang up; unsettled messages return to their queues, what is published now stays unsent."""
        self._is_closed = True
        for task in self._consumers:
            task.cancel()
        await asyncio.gather(*self._consumers, return_exceptions=True)
        await self._hang_up()


class Consumer:
    """One connection's life: declare, take what is there in batches, have it settled, acknowledge."""

    def __init__(self, url: str, receiver: Receiver) -> None:
        self._url = url
        self._receiver = receiver
        self._waiting: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()

    async def run(self) -> None:
        """Consume until the connection is lost; raises one of LOST then."""
        connection = await aio_pika.connect(self._url, timeout=DEADLINE)
        try:
            async with asyncio.timeout(DEADLINE):
                channel = await connection.channel()
                await channel.set_qos(prefetch_count=PREFETCH)
                queues = await self._subscribe(channel)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._settle_batches())
                group.create_task(self._probe(connection, channel, queues))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            with suppress(*LOST):
                async with asyncio.timeout(2):
                    await connection.close()

    async def _subscribe(self, channel: AbstractChannel) -> list[str]:
        await declare_exchange(channel)
        names = [event.name for event, heard_by in LISTENERS.items() if self._receiver.service in heard_by]
        for name in names:
            queue = await declare_queue(channel, self._receiver.service, name)
            await queue.consume(self._waiting.put)
        return names

    async def _settle_batches(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            letters = {message: letter for message in batch if (letter := letter_of(message)) is not None}
            await self._receiver.receive(list(letters.values()))
            async with asyncio.timeout(DEADLINE):
                await asyncio.gather(*(message.ack() for message in letters))
                await asyncio.gather(*(message.reject() for message in batch if message not in letters))

    async def _probe(self, connection: AbstractConnection, channel: AbstractChannel, names: list[str]) -> None:
        """Notice a dead connection at once, and a consumer that vanished without an error within seconds."""
        since = 0.0
        while not (connection.is_closed or channel.is_closed):
            await asyncio.sleep(0.2)
            since += 0.2
            if since >= PROBE_EVERY:
                since = 0.0
                async with asyncio.timeout(DEADLINE):
                    for name in names:
                        queue = await channel.declare_queue(queue_name(self._receiver.service, name), passive=True)
                        if not queue.declaration_result.consumer_count:
                            raise ConnectionError(f"the consumer of {queue.name} is gone")
        raise ConnectionError("the connection was closed")


def letter_of(message: AbstractIncomingMessage) -> Letter | None:
    """Open a message; None for one that is not ours: it names no event."""
    try:
        return Letter(UUID(str(message.headers["event_id"])), message.type or "", message.body.decode())
    except (KeyError, ValueError):
        log.error("a message of %d bytes is no letter and goes to the dead", len(message.body))
        return None


def queue_name(listener: str, event: str) -> str:
    """Name the queue of a listener for an event."""
    return f"{listener}.{event}"


async def declare_exchange(channel: AbstractChannel) -> AbstractExchange:
    """Make sure of the exchange that all events pass through."""
    return await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)


async def declare_queue(channel: AbstractChannel, listener: str, event: str) -> aio_pika.abc.AbstractQueue:
    """Make sure of a listener's queue and of where its undeliverable messages go."""
    name = queue_name(listener, event)
    dead = await channel.declare_exchange(DEAD_EXCHANGE, aio_pika.ExchangeType.DIRECT, durable=True)
    graveyard = await channel.declare_queue(f"{name}.dead", durable=True, arguments={"x-queue-type": "quorum"})
    await graveyard.bind(dead, routing_key=name)
    queue = await channel.declare_queue(
        name,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE,
            "x-dead-letter-routing-key": name,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    await queue.bind(await channel.get_exchange(EXCHANGE), routing_key=event)
    return queue
