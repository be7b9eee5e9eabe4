"""Services on a bench of their own: real databases and folders, tokens signed by a stand-in for identity."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from services.embedded import embedded_service, embedded_settings, folder_of
from shared.migrating import migrate
from tests.harness import Bench, Issuer, bench

Set = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def at_work(tmp_path: Path) -> Set:
    """Give a way to set services to work on one data folder: `async with at_work("ingest") as system`."""

    @asynccontextmanager
    async def working(*names: str, **further: str) -> AsyncIterator[Bench]:
        for name in names:
            await asyncio.to_thread(migrate, folder_of(name), embedded_settings(name, tmp_path)["database_url"])
        services = [embedded_service(name, tmp_path, **further) for name in names]
        async with bench(Issuer(tmp_path), *services) as made:
            yield made

    return working
