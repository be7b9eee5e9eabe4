"""The same promises on every bus: each letter reaches every listener at least once, over outages too."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import pytest

from cli.backing.rabbitmq import RabbitMq
from shared.bus.open import open_bus
from shared.bus.port import Bus, Letter
from shared.bus.rabbit import queue_name
from shared.events.listeners import LISTENERS
from shared.events.qc import DossierRejected
from shared.ids import DossierId

LISTENING = LISTENERS[DossierRejected]


class Ear:
    """A listener that remembers what it heard, and can be made to fail."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.heard: list[UUID] = []

    async def receive(self, letters: Sequence[Letter]) -> None:
        self.heard += [letter.id for letter in letters]


class Waiting(Ear):
    """A listener whose database is away: it has its letters and cannot settle them."""

    async def receive(self, letters: Sequence[Letter]) -> None:
        await super().receive(letters)
        await asyncio.Event().wait()


class Stumbling(Ear):
    """A listener with a fault that shows the first time."""

    has_stumbled = False

    async def receive(self, letters: Sequence[Letter]) -> None:
        if not self.has_stumbled:
            self.has_stumbled = True
            raise LookupError("nobody foresaw this")
        await super().receive(letters)


@pytest.fixture(params=["memory", "rabbitmq"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    url = "memory:" if request.param == "memory" else request.getfixturevalue("rabbitmq").url
    made = open_bus(url)
    yield made
    await made.close()


def letters(count: int) -> list[Letter]:
    events = [DossierRejected(dossier_id=DossierId(uuid4()), page_count=1, explanation="x") for _ in range(count)]
    return [Letter(event.id, event.name, event.model_dump_json()) for event in events]


async def heard(ears: Sequence[Ear], sent: Sequence[Letter], patience: float = 20) -> None:
    wanted = {letter.id for letter in sent}
    for _ in range(int(patience * 20)):
        if all(wanted <= set(ear.heard) for ear in ears):
            return
        await asyncio.sleep(0.05)
    raise AssertionError([len(wanted - set(ear.heard)) for ear in ears])


async def test_every_listener_hears_every_letter(bus: Bus) -> None:
    ears = [Ear(service) for service in LISTENING]
    for ear in ears:
        await bus.attach(ear)
    sent = letters(300)
    assert await bus.publish(sent) == {letter.id for letter in sent}
    await heard(ears, sent)


async def test_a_letter_waits_for_a_listener_that_comes_later(rabbitmq: RabbitMq, tmp_path: Path) -> None:
    publisher, sent = open_bus(rabbitmq.url), letters(5)
    assert len(await publisher.publish(sent)) == 5, "safe in queues that were declared for listeners not yet there"
    await publisher.close()
    await heard_in_the_end(rabbitmq, sent)


async def heard_in_the_end(rabbitmq: RabbitMq, sent: Sequence[Letter]) -> None:
    bus, ears = open_bus(rabbitmq.url), [Ear(service) for service in LISTENING]
    for ear in ears:
        await bus.attach(ear)
    await heard(ears, sent)
    await bus.close()


async def test_what_could_not_be_published_is_not_called_safe_and_goes_out_after_the_outage(rabbitmq: RabbitMq) -> None:
    bus = open_bus(rabbitmq.url)
    ears = [Ear(service) for service in LISTENING]
    for ear in ears:
        await bus.attach(ear)
    before, during, after = letters(10), letters(10), letters(10)
    assert len(await bus.publish(before)) == 10
    await heard(ears, before)
    await asyncio.sleep(5)  # a quorum queue whose broker dies just after it was declared never comes back
    await asyncio.to_thread(rabbitmq.kill)
    assert await bus.publish(during) == set()
    await asyncio.to_thread(rabbitmq.start)
    for waiting in (during, after):
        unsent = list(waiting)
        while unsent:
            safe = await bus.publish(unsent)
            unsent = [letter for letter in unsent if letter.id not in safe]
    await heard(ears, [*during, *after], patience=60)
    await bus.close()


async def test_a_letter_outlives_any_number_of_listeners_lost_while_their_database_was_away(rabbitmq: RabbitMq) -> None:
    bus, sent = open_bus(rabbitmq.url), letters(1)
    assert len(await bus.publish(sent)) == 1
    await bus.close()
    for _ in range(25):  # RabbitMQ 4 gives up after twenty when nothing else is said
        bus, waiting = open_bus(rabbitmq.url), [Waiting(service) for service in LISTENING]
        for ear in waiting:
            await bus.attach(ear)
        await heard(waiting, sent)
        await bus.close()
    await heard_in_the_end(rabbitmq, sent)


async def test_a_listener_that_failed_in_a_way_nobody_foresaw_listens_again(rabbitmq: RabbitMq) -> None:
    bus, sent = open_bus(rabbitmq.url), letters(3)
    ears = [Stumbling(service) for service in LISTENING]
    for ear in ears:
        await bus.attach(ear)
    assert len(await bus.publish(sent)) == 3
    await heard(ears, sent)
    await bus.close()


async def test_a_message_that_is_no_letter_is_put_aside_and_the_others_are_heard(rabbitmq: RabbitMq) -> None:
    bus, ears = open_bus(rabbitmq.url), [Ear(service) for service in LISTENING]
    for ear in ears:
        await bus.attach(ear)
    before, after = letters(1), letters(1)
    assert len(await bus.publish(before)) == 1
    await heard(ears, before)
    queue = queue_name(LISTENING[0], DossierRejected.name)
    connection = await aio_pika.connect(rabbitmq.url)
    channel = await connection.channel()
    await channel.default_exchange.publish(aio_pika.Message(b"junk"), routing_key=queue)
    assert len(await bus.publish(after)) == 1
    await heard(ears, after)
    dead = await channel.get_queue(f"{queue}.dead")
    async with dead.iterator(timeout=10) as messages:
        kept = await anext(aiter(messages))
    assert kept.body == b"junk"
    await connection.close()
    await bus.close()


def test_an_unknown_kind_of_bus_is_refused() -> None:
    with pytest.raises(ValueError, match="no bus is known for kafka:"):
        open_bus("kafka://somewhere")
