"""Rows as lines of canonical JSON, and back; the same row is always the same bytes."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, LargeBinary, Table, Uuid

from shared.columns import UtcDateTime
from shared.errors import Unprocessable


class RowMalformed(Unprocessable):
    """A line of a register is no row of its table."""

    code = "register.row_malformed"


def line_of(row: Mapping[str, Any]) -> bytes:
    """Write a row as a line."""
    told = {name: plain(value) for name, value in row.items()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def plain(value: object) -> object:
    """Give a value as JSON knows it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def rows_in(table: Table, body: bytes) -> Sequence[dict[str, Any]]:
    """Read the rows of a portion; columns that the table does not have any more are left out. Raises RowMalformed."""
    try:
        return [row_of(table, json.loads(line)) for line in body.splitlines()]
    except (ValueError, TypeError, AttributeError) as wrong:
        raise RowMalformed(f"{table.name}: {wrong}") from wrong


def row_of(table: Table, told: Mapping[str, Any]) -> dict[str, Any]:
    """Read one row."""
    return {column.name: typed(column, told[column.name]) for column in table.columns if column.name in told}


def typed(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    """Give a value the type of its column."""
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Uuid):
        return UUID(value)
    return base64.b64decode(value, validate=True) if isinstance(column.type, LargeBinary) else value
