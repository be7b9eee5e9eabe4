"""Keys in their order, folder by folder: servers that keep folders list them in an order of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from shared.storage.port import StoredObject

Level = Callable[[str], Awaitable[Iterable[StoredObject]]]
"""Gives what begins with a prefix as far as the next `/`: objects, and folders as keys that end in `/`."""


async def in_order(level: Level, prefix: str) -> AsyncIterator[StoredObject]:
    """Walk down from a prefix; only one level of each branch is held in memory."""
    for found in sorted(await level(prefix), key=lambda each: each.key):
        if found.key.endswith("/"):
            async for below in in_order(level, found.key):
                yield below
        else:
            yield found
