"""On the real servers a service does with its own keys what its code needs, and is refused everything else."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator, Sequence
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelClosed
from minio import Minio
from minio.error import S3Error

from cli.backing.rabbitmq import RabbitMq
from cli.backing.rights import STORE_RIGHTS, Right, names_said
from cli.backing.seaweed import Seaweed
from services.embedded import SERVICES, STORES
from shared.bus.open import open_bus
from shared.bus.port import Letter
from shared.bus.rabbit import EXCHANGE, queue_name
from shared.events.listeners import LISTENERS

Act = Callable[[AbstractChannel], Awaitable[object]]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    server = Seaweed(tmp_path_factory.mktemp("seaweed"), rights=STORE_RIGHTS).start()
    for place in STORES:
        server.make_bucket(place)
    yield server
    server.kill()


def s3(server: Seaweed, identity: str) -> Minio:
    parts = urlsplit(server.url("any", identity))
    return Minio(f"{parts.hostname}:{parts.port}", parts.username, parts.password, secure=False, region="us-east-1")


def is_allowed(call: Callable[[], object]) -> bool:
    try:
        call()
    except S3Error as refused:
        if refused.code != "AccessDenied":
            raise
        return False
    return True


def put(client: Minio, place: str, key: str) -> None:
    client.put_object(place, key, io.BytesIO(b"x"), 1)


@pytest.mark.parametrize("place", STORES)
@pytest.mark.parametrize("service", STORE_RIGHTS)
def test_a_key_opens_what_its_service_was_given_and_nothing_more(stores: Seaweed, service: str, place: str) -> None:
    owner, mine, key = s3(stores, "admin"), s3(stores, service), str(uuid4())
    put(owner, place, key)
    can = {
        Right.READ: is_allowed(lambda: mine.get_object(place, key)),
        Right.ADD: is_allowed(lambda: put(mine, place, f"{key}-new")),
        Right.FIND: is_allowed(lambda: list(mine.list_objects(place))),
        Right.REMOVE: is_allowed(lambda: mine.remove_object(place, key)),
    }
    assert {right for right, allowed in can.items() if allowed} == STORE_RIGHTS[service].get(place, frozenset())
    left = {each.object_name for each in owner.list_objects(place, prefix=key)}
    assert (key in left, f"{key}-new" in left) == (not can[Right.REMOVE], can[Right.ADD])
    assert not is_allowed(lambda: mine.make_bucket("another"))
    assert not is_allowed(lambda: mine.delete_bucket_policy(place))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMq]:
    server = RabbitMq(tmp_path_factory.mktemp("rabbitmq"), services=SERVICES).start()
    yield server
    server.kill()


class Ear:
    """A listener that remembers what it heard."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.heard: set[UUID] = set()

    async def receive(self, letters: Sequence[Letter]) -> None:
        self.heard |= {letter.id for letter in letters}


async def test_every_service_says_and_hears_all_its_events_with_its_own_account(broker: RabbitMq) -> None:
    buses = {service: open_bus(broker.url_of(service)) for service in SERVICES}
    ears = {service: Ear(service) for service in SERVICES}
    due: dict[str, set[UUID]] = {service: set() for service in SERVICES}
    said = {service: [Letter(uuid4(), name, "{}") for name in names_said(service)] for service in SERVICES}
    for service, letters in said.items():  # before anybody listens: a publisher makes the queues of its listeners
        assert await buses[service].publish(letters) == {letter.id for letter in letters}
    for event, listeners in LISTENERS.items():
        (sent,) = (letter.id for letters in said.values() for letter in letters if letter.name == event.name)
        for listener in listeners:
            due[listener].add(sent)
    for service, ear in ears.items():
        await buses[service].attach(ear)
    for _ in range(600):
        if all(due[service] <= ears[service].heard for service in SERVICES):
            break
        await asyncio.sleep(0.05)
    assert {service: due[service] - ears[service].heard for service in SERVICES} == {each: set() for each in SERVICES}
    for bus in buses.values():
        await bus.close()


async def outcomes(broker: RabbitMq, service: str, acts: Sequence[Act]) -> list[bool]:
    """Try each act on a channel of its own, with a service's account; says which the broker let pass."""
    allowed = []
    async with await aio_pika.connect(broker.url_of(service)) as connection:
        for act in acts:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            try:
                async with asyncio.timeout(10):
                    await act(channel)
                allowed.append(True)
            except ChannelClosed as refused:
                if "ACCESS_REFUSED" not in str(refused):
                    raise
                allowed.append(False)
    return allowed


@pytest.mark.parametrize("service", SERVICES)
async def test_an_account_says_the_events_of_its_service_only(broker: RabbitMq, service: str) -> None:
    await make_queues(broker)

    def say(name: str) -> Act:
        async def act(channel: AbstractChannel) -> None:
            exchange = await channel.get_exchange(EXCHANGE, ensure=False)
            await exchange.publish(aio_pika.Message(b"{}"), routing_key=name)

        return act

    names = [event.name for event in LISTENERS]
    allowed = await outcomes(broker, service, [say(name) for name in names])
    assert {name for name, passed in zip(names, allowed, strict=True) if passed} == set(names_said(service))


@pytest.mark.parametrize("service", SERVICES)
async def test_an_account_reads_the_queues_of_its_service_and_of_what_it_said_itself(
    broker: RabbitMq, service: str
) -> None:
    await make_queues(broker)
    queues = {queue_name(to, event.name): event.name for event, listeners in LISTENERS.items() for to in listeners}

    def read(queue: str) -> Act:
        async def act(channel: AbstractChannel) -> None:
            await (await channel.get_queue(queue, ensure=False)).get(fail=False)

        return act

    def spoil(queue: str) -> Act:
        async def act(channel: AbstractChannel) -> None:
            await channel.queue_delete(queue, if_empty=False, if_unused=True)

        return act

    def slip_in(queue: str) -> Act:
        async def act(channel: AbstractChannel) -> None:
            await channel.default_exchange.publish(aio_pika.Message(b"{}"), routing_key=queue)

        return act

    mine = {queue for queue, name in queues.items() if queue.startswith(f"{service}.") or name in names_said(service)}
    allowed = await outcomes(broker, service, [read(queue) for queue in queues])
    assert {queue for queue, passed in zip(queues, allowed, strict=True) if passed} == mine
    foreign = [queue for queue in queues if queue not in mine]
    graveyards = [f"{queue}.dead" for queue in queues]
    refused = [*map(spoil, foreign), *map(read, graveyards), *map(slip_in, queues)]
    assert not any(await outcomes(broker, service, refused))


async def make_queues(broker: RabbitMq) -> None:
    """Have every publisher make the queues of its listeners."""
    for service in SERVICES:
        bus = open_bus(broker.url_of(service))
        await bus.publish([Letter(uuid4(), name, "{}") for name in names_said(service)])
        await bus.close()
