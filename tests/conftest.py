"""What tests of every kind share: made pages, open folders, and real servers, each started once and only if asked."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.seaweed import Seaweed
from cli.demo.dossiers import invent_dossiers
from cli.demo.pages import write_dossiers
from tests.databases import Databases
from tests.watchman import watched_folder

os.environ.setdefault("INGEST_READER", "none")  # reading takes seconds a page: tests about it ask for it


@pytest.fixture(scope="session")
def made_pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the pages of one invented dossier, typeset and aged as the demo's are."""
    folder = tmp_path_factory.mktemp("made-pages")
    write_dossiers(folder, invent_dossiers(1, pages=4))
    return sorted(folder.rglob("*.jpg"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every user may pass through: for root, PostgreSQL runs as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="saoluu-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers() -> Iterator[Path]:
    """Give the folder of the servers of this run; what runs there ends with the run, however that ends."""
    with watched_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def databases(servers: Path) -> Iterator[Databases]:
    """Give databases of a running PostgreSQL."""
    server = Postgres(servers / "postgres", fsync=False).start()
    yield Databases(server)
    server.kill()


@pytest.fixture(scope="session")
def seaweed(servers: Path) -> Iterator[Seaweed]:
    """Give a running S3 server; who kills it starts it again."""
    server = Seaweed(servers / "seaweed").start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def rabbitmq(servers: Path) -> Iterator[RabbitMq]:
    """Give a running RabbitMQ; who kills it starts it again."""
    server = RabbitMq(servers / "rabbitmq").start()
    yield server
    server.kill()
