"""The three servers together."""

import socket
from pathlib import Path

import pytest

from cli.backing.errors import NotReady
from cli.backing.stack import Stack


def test_the_stack_stands_whole_or_not_at_all_and_tells_the_services_where(folder: Path) -> None:
    stack = Stack(folder, fsync=False)
    with socket.create_server(("127.0.0.1", stack.rabbitmq.ports["distribution"])):
        with pytest.raises(NotReady, match="RabbitMQ"):
            stack.start()
        assert [server.is_running() for server in stack.servers] == [False, False, False]
    with stack:
        told = stack.environment(["catalog", "qc"])
        assert told["CATALOG_DATABASE_URL"].startswith("postgresql+asyncpg://catalog:")
        assert told["QC_DATABASE_URL"].endswith("/qc")
        assert told["BUS_URL"] == stack.rabbitmq.url
        stores = {told[f"STORE_{store}_URL"] for store in ("INCOMING", "DERIVED", "ARCHIVE", "RESERVE")}
        assert len(stores) == 4
        stack.rabbitmq.kill()  # its graceful end takes six seconds
    assert [server.is_running() for server in stack.servers] == [False, False, False]
