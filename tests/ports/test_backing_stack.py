"""The three servers together."""

import socket
from pathlib import Path

import pytest

from cli.backing.errors import NotReady
from cli.backing.stack import Stack
from services.embedded import SERVICES


def test_the_stack_stands_whole_or_not_at_all_and_tells_the_services_where(folder: Path) -> None:
    stack = Stack(folder, fsync=False)
    with socket.create_server(("127.0.0.1", stack.rabbitmq.ports["distribution"])):
        with pytest.raises(NotReady, match="RabbitMQ"):
            stack.start()
        assert [server.is_running() for server in stack.servers] == [False, False, False]
    with stack:
        qc = stack.environment("qc")
        stores = {f"STORE_{name}_URL" for name in ("INCOMING", "DERIVED", "ARCHIVE", "RESERVE")}  # two for its register
        assert qc.keys() == {"QC_DATABASE_URL", "BUS_URL", "REGISTERS_KEPT", *stores}
        assert qc["QC_DATABASE_URL"].startswith("postgresql+asyncpg://qc:")
        assert qc["BUS_URL"].startswith("amqp://qc:")
        told = [value for name in SERVICES for key, value in stack.environment(name).items() if key != "REGISTERS_KEPT"]
        assert len(told) == len(set(told)), "no two services share a way in"
        stack.rabbitmq.kill()  # its graceful end takes six seconds
    assert [server.is_running() for server in stack.servers] == [False, False, False]
