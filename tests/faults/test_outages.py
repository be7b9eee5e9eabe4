"""Broker, database and S3 server die while pages go in: the API keeps answering or says 503, and nothing is missing."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest

from cli.backing.gateway import Gateway
from cli.backing.stack import Stack
from cli.client import ApiClient
from cli.demo.system import free_port, running, wait_for
from cli.scan.agent import ScanAgent
from cli.scan.journal import Journal
from services.embedded import SERVICES, folder_of
from shared.migrating import migrate
from tests.faults.conftest import answers, approved_dossiers, small_pages, until_true

DOSSIERS, PAGES = 3, 40
BROKER_AWAY = 30.0
LISTENERS_READY = 6.0  # a quorum queue needs a moment after it was declared before its broker may die


class Full:
    """The full system on servers that can be killed one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = Stack(folder / "backing")
        self.ports = {name: free_port() for name in SERVICES}
        self.gateway = Gateway(folder / "gateway", self.ports)
        self.environments: dict[str, dict[str, str]] = {}

    @property
    def identity_log(self) -> Path:
        return self.folder / "identity.log"


@pytest.fixture
def full(open_folder: Path) -> Iterator[Full]:
    system = Full(open_folder)
    with ExitStack() as endings:
        endings.callback(system.stack.stop)
        system.stack.start()
        endings.enter_context(system.gateway)
        common = {
            "IDENTITY_KEYS_URL": f"http://127.0.0.1:{system.ports['identity']}/identity/keys",
            "IDENTITY_PUBLIC_URL": system.gateway.url,
        }
        system.environments = {name: {**common, **system.stack.environment(name)} for name in SERVICES}
        for name in SERVICES:
            migrate(folder_of(name), system.environments[name][f"{name.upper()}_DATABASE_URL"])
        for name in SERVICES:
            log = open_folder / f"{name}.log"
            command = ["serve", name, "--port", str(system.ports[name])]
            endings.enter_context(running(command, log, system.environments[name]))
        for name in SERVICES:
            wait_for(f"{system.gateway.url}/{name}/livez", open_folder / f"{name}.log")
        yield system


async def test_every_server_dies_once_while_pages_go_in(full: Full, tmp_path: Path) -> None:
    small_pages(tmp_path / "pages", DOSSIERS, PAGES)
    cast, station = await approved_dossiers(full.gateway.url, full.identity_log, tmp_path, tmp_path / "pages")
    await asyncio.sleep(LISTENERS_READY)
    with Journal(tmp_path / "journal.db") as journal:
        async with ApiClient(cast.credentials["station-1"], patience=300) as client:
            await until_true(lambda: all_orders(client), patience=60)
            sending = asyncio.create_task(ScanAgent(client, station, journal).run_once())
            await asyncio.sleep(0.5)
            full.stack.rabbitmq.kill()
            away = asyncio.create_task(asyncio.sleep(BROKER_AWAY))
            while not away.done():
                assert await answers(f"{full.gateway.url}/ingest/livez"), "the API answers without a broker"
                await asyncio.sleep(1)
            await asyncio.to_thread(full.stack.rabbitmq.start)
            full.stack.postgres.kill()
            await asyncio.sleep(2)
            await asyncio.to_thread(full.stack.postgres.start)
            full.stack.seaweed.kill()
            await asyncio.sleep(2)
            await asyncio.to_thread(full.stack.seaweed.start)
            done = await sending
        assert done.refused == []
        sent = journal.sent()
    assert len(sent) == DOSSIERS * PAGES
    await until_true(lambda: everything_heard(full, len(sent)), patience=240)


async def all_orders(client: ApiClient) -> bool:
    """Say whether every approved dossier may be scanned."""
    return len([each async for each in client.items("/ingest/scan-orders")]) == DOSSIERS


async def everything_heard(full: Full, pages: int) -> bool:
    """Say whether every page is there once, checked, and in the ledger, and nothing died."""
    counted = {
        "ingest": "SELECT count(*) FROM master",
        "qc": "SELECT count(*) FROM page_check WHERE judgement IS NOT NULL",
        "reporting": "SELECT count(*) FROM ledger_page WHERE version > 0 AND checked_version > 0",
    }
    found = [await ask(full, service, query) for service, query in counted.items()]
    dead = [await ask(full, service, "SELECT count(*) FROM dead_letter") for service in SERVICES]
    assert dead == [0] * len(SERVICES)
    return found == [pages] * len(counted)


async def ask(full: Full, service: str, query: str) -> int:
    """Ask a service's database directly."""
    url = full.environments[service][f"{service.upper()}_DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()
