"""The head of a register: which portions of rows it is made of at a moment, and which head came before it.

registers/<service>/rows/<sha256>.jsonl
registers/<service>/heads/<moment>-<sha256>.json
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.eark.record import Record

ROOT = "registers"
MOMENT = "%Y%m%dT%H%M%S%fZ"
_HEAD = re.compile(rf"{ROOT}/([a-z]+)/heads/([0-9]{{8}}T[0-9]{{12}}Z)-([0-9a-f]{{64}})\.json")


class KeptTable(Record):
    """The rows of one table: how many, and the digests of their portions in the order of their keys."""

    row_count: int = Field(ge=0)
    portions: tuple[str, ...]


class Head(Record):
    """One state of a service's register; `revision` is the shape that its database had."""

    format: Literal["saoluu.register.v1"] = "saoluu.register.v1"
    service: str
    written_at: AwareDatetime
    revision: str
    previous: str | None = None
    tables: dict[str, KeptTable]

    @property
    def row_count(self) -> int:
        """Count all rows."""
        return sum(table.row_count for table in self.tables.values())


def head_key(head: Head, body: bytes) -> str:
    """Name a head by its moment and its bytes: newer ones come later in a list of keys."""
    moment = head.written_at.astimezone(UTC).strftime(MOMENT)
    return f"{ROOT}/{head.service}/heads/{moment}-{sha256(body).hexdigest()}.json"


def rows_key(service: str, digest: str) -> str:
    """Name a portion of rows by its bytes."""
    return f"{ROOT}/{service}/rows/{digest}.jsonl"


def digest_in(key: str) -> str | None:
    """Give the digest that a head's name tells, None for what is no head."""
    found = _HEAD.fullmatch(key)
    return found[3] if found else None


def moment_in(key: str) -> datetime | None:
    """Give the moment that a head's name tells, None for what is no head."""
    found = _HEAD.fullmatch(key)
    return datetime.strptime(found[2], MOMENT).replace(tzinfo=UTC) if found else None


def newest_of_each(keys: Iterable[str]) -> dict[str, str]:
    """Give the key of the newest head among keys, by service; what is no head is passed over."""
    return {found[1]: key for key in sorted(keys) if (found := _HEAD.fullmatch(key))}
