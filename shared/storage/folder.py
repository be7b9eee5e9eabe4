"""A store in a folder: the key is the path, and nothing is ever half there."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from shared.clock import now
from shared.errors import StorageFull
from shared.storage.announced import Announced
from shared.storage.digest import Hasher
from shared.storage.keys import demand_key, demand_prefix
from shared.storage.listing import in_order
from shared.storage.owned import owned
from shared.storage.port import MIB, Fixity, NotStored, Pace, StoredObject, StoreUnavailable, Unreadable
from shared.storage.tree import Tree
from shared.storage.unfinished import Unfinished, sweep

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
THREADS = 8
READ_BACK_AT_ONCE = 4 * MIB

P = ParamSpec("P")
T = TypeVar("T")


class FolderStore:
    """Keeps objects as files under one folder, on any file system that has hard links."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self._tree = Tree(root)
        self._since = now()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=f"store-{name}")

    async def prepare(self) -> None:
        """Make the folder, and sweep what writers that are gone left unfinished."""
        await self._in_thread(self._tree.prepare)
        await self._in_thread(sweep, self._tree.unfinished, self._since)

    async def close(self) -> None:
        """Let go of threads, once they have ended what they are at."""
        await asyncio.to_thread(self._threads.shutdown)

    async def put_new(self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str | None = None) -> Fixity:
        """See Store.put_new. Cancelled in its last moment, the object may be stored: whole, or not at all.

        The last portion is written in one go with all that follows, so that a small object costs a single hop.
        """
        return await self._write(chunks, Announced(size, sha256), partial(self._tree.link, key=demand_key(key)))

    async def replace_damaged(
        self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str, aside: str
    ) -> Fixity:
        """See MendableStore.replace_damaged."""
        exchange = partial(self._tree.exchange, key=demand_key(key), aside=demand_key(aside))
        return await self._write(chunks, Announced(size, sha256), exchange)

    async def _write(self, chunks: AsyncIterator[bytes], announced: Announced, place: Callable[[Path], None]) -> Fixity:
        unfinished = Unfinished(self._tree.unfinished)
        held = b""
        try:
            async for portion in announced.portions(chunks):
                if held:
                    await self._in_thread(unfinished.append, held)
                held = portion
            return await self._in_thread(unfinished.finish, held, announced, place)
        except BaseException:
            await asyncio.shield(self._in_thread(unfinished.abandon))
            raise

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See Store.read."""
        demand_key(key)
        left = await self._in_thread(self._tree.size, key) - start
        if length is not None:
            left = min(left, length)
        while left > 0:
            chunk = await self._in_thread(self._tree.read, key, start, min(MIB, left))
            if not chunk:
                raise StoreUnavailable(f"{key} ended early")
            start, left = start + len(chunk), left - len(chunk)
            yield chunk

    async def copy_to(self, key: str, descriptor: int) -> None:
        """See Store.copy_to; the bytes never pass through this process."""
        await self._in_thread(self._tree.copy_to, demand_key(key), owned(descriptor))

    async def read_back(self, key: str, *, pace: Pace | None = None) -> Fixity:
        """See Store.read_back; what the system's cache holds of the file is dropped first."""
        hasher = Hasher()
        await self._in_thread(self._tree.forget_cache, demand_key(key))
        while size := await self._in_thread(self._hash_next, key, hasher):
            if pace is not None:
                await pace(size)
        return hasher.fixity()

    def _hash_next(self, key: str, hasher: Hasher) -> int:
        try:
            portion = self._tree.read(key, hasher.size, READ_BACK_AT_ONCE)
        except OSError as fault:
            if fault.errno == errno.EIO:  # a sector that is gone is no outage: it will not come back
                raise Unreadable(f"{self.name}: {key}") from fault
            raise
        hasher.update(portion)
        return len(portion)

    async def size(self, key: str) -> int | None:
        """See Store.size."""
        try:
            return await self._in_thread(self._tree.size, demand_key(key))
        except NotStored:
            return None

    async def keys(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """See Store.keys."""
        async for found in in_order(self._level, demand_prefix(prefix)):
            yield found

    async def _level(self, prefix: str) -> list[StoredObject]:
        return await self._in_thread(self._tree.level, prefix)

    async def delete(self, key: str) -> None:
        """See DeletableStore.delete."""
        await self._in_thread(self._tree.remove, demand_key(key))

    async def _in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a blocking call in a thread of this store; the system's errors become those of a store."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *args, **kwargs))
        except OSError as fault:
            if fault.errno in NO_ROOM:
                raise StorageFull(f"{self.name}: {fault.strerror}") from fault
            raise StoreUnavailable(f"{self.name}: {fault}") from fault
