"""What stores alone tell of a head that is gone: rows that no head names, and heads that others came after.

A service's audit only grows, and its rows have ids in the order of time. An act that lies in rows which no head names,
and that came after the last act of the newest head, was told by a later register than that one. A writing that was cut
off leaves such rows too, until the next head tells of the act.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.register.head import ROOT, Head, digest_in, rows_key
from shared.register.reading import head_of, heads_in, right_body
from shared.storage.port import Store

AUDIT = "audit"
_ROWS = re.compile(r".*/rows/([0-9a-f]{64})\.jsonl")


@dataclass(slots=True)
class Gaps:
    """What is missing around a head: until when later acts were met, and earlier heads that are gone."""

    later: datetime | None = None
    gone: list[str] = field(default_factory=list)


async def gaps_around(stores: Sequence[Store], head: Head) -> Gaps:
    """Look at all heads and rows of a service for what tells of heads that are gone. Raises StoreUnavailable."""
    rows = await rows_in_stores(stores, head.service)  # before the heads: those that come meanwhile have theirs
    keys = await heads_in(stores, head.service)
    gaps, named, before = Gaps(), set[str](), set[str]()
    for each in sorted(keys):
        told = await head_of(stores, each, head.service)
        if told is not None:
            named |= {digest for table in told.tables.values() for digest in table.portions}
            before |= {told.previous} if told.previous else set()
    gaps.gone = sorted(each for each in before - keys if digest_in(each))
    last = await last_act(stores, head)
    for digest in sorted(rows - named):
        body = await right_body(stores, rows_key(head.service, digest), digest)
        for act, at in await asyncio.to_thread(acts_in, body or b""):
            if act > last:
                gaps.later = max(at, gaps.later or at)
    return gaps


async def rows_in_stores(stores: Sequence[Store], service: str) -> set[str]:
    """Give the digests of the rows that any store has."""
    keys = [each.key for store in stores async for each in store.keys(f"{ROOT}/{service}/rows/")]
    return {found[1] for key in keys if (found := _ROWS.fullmatch(key))}


async def last_act(stores: Sequence[Store], head: Head) -> UUID:
    """Give the last act that a head tells of: its rows are in the order of their ids."""
    kept = head.tables.get(AUDIT)
    if kept is None or not kept.portions:
        return UUID(int=0)
    digest = kept.portions[-1]
    body = await right_body(stores, rows_key(head.service, digest), digest)
    return max((act for act, _ in acts_in(body or b"")), default=UUID(int=0))


def acts_in(body: bytes) -> list[tuple[UUID, datetime]]:
    """Give the acts among rows, with their moments; rows of other tables, and what is none, are passed over."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        rows = [row for row in map(json.loads, body.splitlines()) if {"act", "correlation_id"} <= row.keys()]
        return [(UUID(row["id"]), datetime.fromisoformat(row["at"])) for row in rows]
    return []
