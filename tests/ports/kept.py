"""A store under test, of either kind, and bytes to put into it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from shared.storage.port import (
    DeletableStore,
    Fixity,
    StoredObject,
)


@dataclass(frozen=True)
class Kept:
    """A store, a prefix that only this test uses, and the folder under it, if it is one."""

    store: DeletableStore
    top: str
    root: Path | None = None

    async def listed(self) -> list[StoredObject]:
        return [found async for found in self.store.keys(f"{self.top}/")]

    async def holds_nothing(self) -> bool:
        unfinished = list((self.root / ".unfinished").iterdir()) if self.root else []
        return not unfinished and not await self.listed()


def some_bytes(size: int, seed: int = 1) -> bytes:
    return Random(seed).randbytes(size)


async def cut(content: bytes, length: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), length):
        yield content[start : start + length]


async def gathered(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def put(kept: Kept, name: str, content: bytes) -> Fixity:
    return await kept.store.put_new(f"{kept.top}/{name}", cut(content), size=len(content))
