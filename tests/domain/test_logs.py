"""What a log line says of an exception."""

import json
import logging

from shared.errors import TransferBroken
from shared.logs import JsonLines


def line_of(thrown: Exception) -> dict[str, str]:
    """Log an exception as the server does; gives its line."""
    caught = (type(thrown), thrown, None)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application", (), caught)
    told: dict[str, str] = json.loads(JsonLines().format(record))
    return told


def test_a_transfer_that_is_broken_off_on_purpose_is_one_line_and_a_fault_keeps_its_trace() -> None:
    planned = line_of(TransferBroken("package 7: MiB 3 of pages/1"))
    assert planned["what"] == "transfer broken off: package 7: MiB 3 of pages/1"
    assert "trace" not in planned
    assert "ValueError" in line_of(ValueError("no"))["trace"]
