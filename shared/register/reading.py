"""Read registers back from stores: the newest head that is whole, and its rows, from whichever store has them right."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from shared.eark.errors import RecordUnreadable
from shared.register.head import ROOT, Head, digest_in, rows_key
from shared.storage.port import FixityLost, NotStored, Store, StoreUnavailable


@dataclass(slots=True)
class Found:
    """A register as it was found: its newest whole head, and newer heads that are not whole, with what they lack."""

    service: str
    key: str | None = None
    head: Head | None = None
    broken: list[str] = field(default_factory=list)


async def newest(stores: Sequence[Store], service: str) -> Found:
    """Find the newest head of which everything is there and right."""
    found = Found(service)
    for key in sorted(await heads_in(stores, service), reverse=True):
        head = await head_of(stores, key, service)
        if head is None:
            found.broken.append(key)
            continue
        lacking = await lacking_in(stores, head)
        if not lacking:
            found.key, found.head = key, head
            return found
        found.broken += [f"{key}: {each}" for each in lacking]
    return found


async def heads_in(stores: Sequence[Store], service: str) -> set[str]:
    """Give the keys of the heads that any store has."""
    found = [each.key for store in stores async for each in store.keys(f"{ROOT}/{service}/heads/")]
    return {key for key in found if digest_in(key) is not None}


async def head_of(stores: Sequence[Store], key: str, service: str) -> Head | None:
    """Read a head, None when it is right nowhere."""
    body = await right_body(stores, key, digest_in(key) or "")
    if body is None:
        return None
    try:
        head = await asyncio.to_thread(Head.from_bytes, body)
    except RecordUnreadable:
        return None
    return head if head.service == service else None


async def lacking_in(stores: Sequence[Store], head: Head) -> list[str]:
    """Give the portions of a head that are right in no store."""
    digests = {digest for table in head.tables.values() for digest in table.portions}
    keys = {rows_key(head.service, digest): digest for digest in sorted(digests)}
    return [key for key, digest in keys.items() if await right_body(stores, key, digest) is None]


async def right_body(stores: Sequence[Store], key: str, digest: str) -> bytes | None:
    """Read an object from the first store that has it right. Raises StoreUnavailable when one may have it."""
    outage: StoreUnavailable | None = None
    for store in stores:
        try:
            with suppress(NotStored, FixityLost):
                body = b"".join([chunk async for chunk in store.read(key)])
                if sha256(body).hexdigest() == digest:
                    return body
        except StoreUnavailable as away:
            outage = away
    if outage is not None:
        raise outage
    return None
