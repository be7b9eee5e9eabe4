"""Logs: one JSON line per happening."""

import json
import logging
import sys
from datetime import UTC, datetime

from shared.errors import TransferBroken


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": record.name,
            "what": record.getMessage(),
        }
        if service := getattr(record, "service", None):
            line["service"] = service
        thrown = record.exc_info[1] if record.exc_info else None
        if isinstance(thrown, TransferBroken):  # meant so: no fault of the program, and no trace of it to read
            line["what"] = f"transfer broken off: {thrown}"
        elif record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_json_lines(level: int = logging.INFO) -> None:
    """Send every log of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for quiet in ("aiormq", "aio_pika", "httpx", "httpcore", "alembic", "uvicorn.access"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
