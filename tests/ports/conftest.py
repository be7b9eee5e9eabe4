"""The real servers that port tests talk to, started once for all of them."""

from collections.abc import Iterator

import pytest

from cli.backing.seaweed import Seaweed


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """Give a running S3 server; who kills it starts it again."""
    server = Seaweed(tmp_path_factory.mktemp("seaweed"))
    server.start()
    yield server
    server.stop()
