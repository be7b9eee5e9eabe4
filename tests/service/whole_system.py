"""All six services at work, on either kind of database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from cli.backing.postgres import Postgres
from services.embedded import SERVICES, embedded_settings, folder_of, part
from shared.migrating import migrate
from shared.service import Service
from tests.harness import Bench, Issuer, bench


@pytest.fixture(params=["sqlite", "postgresql"])
async def whole_system(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """Give all services at work on one kind of database."""
    server: Postgres | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("service_postgres")
    services = [await asyncio.to_thread(on_a_new_database, name, tmp_path, server) for name in SERVICES]
    async with bench(Issuer(tmp_path), *services) as made:
        yield made


def on_a_new_database(name: str, folder: Path, server: Postgres | None) -> Service:
    """Assemble a service on an empty database of its own; blocks."""
    settings = dict(embedded_settings(name, folder))
    if server is not None:
        settings["database_url"] = server.create_database(f"t{uuid4().hex}")
    migrate(folder_of(name), settings["database_url"])
    module = part(name)
    made: Service = module.assemble(module.Settings(**settings))
    return made
