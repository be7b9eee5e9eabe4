"""Broker, database and S3 server die while pages go in: the API keeps answering or says 503, and nothing is missing."""

import asyncio
import time
from pathlib import Path

import httpx

from cli.backing.server import Server
from tests.faults.checker import confessions, wrongs
from tests.faults.full_system import Full
from tests.faults.station import station_at

DOSSIERS, PAGES = 3, 40
BROKER_AWAY = 30.0
LISTENERS_READY = 6.0  # a quorum queue needs a moment after it was declared before its broker may die
CHECKED_WITHIN = 240.0


async def test_every_server_dies_while_pages_go_in(full: Full, tmp_path: Path) -> None:
    servers = full.stack
    async with station_at(full, tmp_path, DOSSIERS, PAGES) as station:
        await asyncio.sleep(LISTENERS_READY)
        station.begin()
        await station.has_sent(10)
        servers.rabbitmq.kill()
        without_broker = asyncio.create_task(answers_for(BROKER_AWAY, f"{full.url}/ingest/livez"))
        await station.has_sent(40)
        await go_for_a_moment(servers.postgres)
        await station.has_sent(70)
        await go_for_a_moment(servers.seaweed)
        assert await without_broker, "the API answers without a broker"
        await asyncio.to_thread(servers.rabbitmq.start)
        await go_for_a_moment(servers.postgres)  # now that all are busy with the events that have waited
        sent = await station.is_done()
    assert len(sent) == DOSSIERS * PAGES
    assert await wrongs(full.places, sent, patience=CHECKED_WITHIN) == []
    assert confessions(full.logs) == []


async def go_for_a_moment(server: Server) -> None:
    """Let a server die and come back."""
    server.kill()
    await asyncio.sleep(2)
    await asyncio.to_thread(server.start)


async def answers_for(seconds: float, url: str) -> bool:
    """Say whether an address has answered all the time."""
    deadline = time.monotonic() + seconds
    async with httpx.AsyncClient(timeout=2) as client:
        while time.monotonic() < deadline:
            try:
                (await client.get(url)).raise_for_status()
            except httpx.HTTPError:
                return False
            await asyncio.sleep(1)
    return True
