"""Fixtures for what must hold on SQLite and on PostgreSQL; the latter is started once, and only if it is asked for."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from cli.backing.postgres import Postgres


@pytest.fixture(scope="session")
def service_postgres() -> Iterator[Postgres]:
    """Give a running PostgreSQL, in a folder that its own user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="saoluu-service-"))
    folder.chmod(0o711)
    server = Postgres(folder / "postgres", fsync=False)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty database of either kind: races must be won on both, for different reasons."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'service.db'}"
    server: Postgres = request.getfixturevalue("service_postgres")
    return server.create_database(f"t{uuid4().hex}")
