"""A store on an S3 server: each object is one streamed PUT, and counts only when it is whole."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from typing import ParamSpec, TypeVar

import httpx

from shared.storage.address import Address
from shared.storage.announced import Announced
from shared.storage.bucket import CONNECT_SECONDS, CONNECTIONS, Bucket
from shared.storage.digest import Hasher
from shared.storage.keys import demand_key, demand_prefix
from shared.storage.listing import in_order
from shared.storage.owned import owned
from shared.storage.port import MIB, AlreadyStored, Fixity, NotStored, Pace, StoredObject, StoreUnavailable
from shared.storage.s3_answers import ANNOUNCED_SIZE, is_whole, refusal_of_get, refusal_of_put, whole_size

STREAMS = 64
STALL_SECONDS = 60

P = ParamSpec("P")
T = TypeVar("T")


class S3Store:
    """Keeps objects in one bucket; Amazon takes up to 5 GiB by one PUT."""

    def __init__(self, address: Address, name: str) -> None:
        self.name = name
        self._address = address
        self._bucket = Bucket(address)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix=f"store-{name}")
        self._streams = httpx.AsyncClient(
            timeout=httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=STREAMS),
            trust_env=False,
        )

    async def prepare(self) -> None:
        """Make sure of the bucket; remains of broken-off writes are passed over wherever they are met."""
        await self._in_thread(self._bucket.prepare)

    async def close(self) -> None:
        """Let go of connections and threads."""
        await self._streams.aclose()
        await asyncio.to_thread(self._threads.shutdown)
        self._bucket.close()

    async def put_new(self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str | None = None) -> Fixity:
        """See Store.put_new. The server refuses a key that is taken, and checks the SHA-256 where it was announced.

        Cancelled in its last moment, the object may be stored: whole, or not at all.
        """
        return await self._put(key, chunks, Announced(size, sha256), await self._condition(demand_key(key)))

    async def replace_damaged(
        self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str, aside: str
    ) -> Fixity:
        """See MendableStore.replace_damaged. The server itself copies what lies there, and puts the new object only
        in its place: as a further version where the bucket keeps versions.
        """
        try:
            etag = await self._in_thread(self._bucket.keep_aside, demand_key(key), demand_key(aside))
            condition = {"If-Match": f'"{etag}"'}
        except NotStored:
            condition = {"If-None-Match": "*"}
        return await self._put(key, chunks, Announced(size, sha256), condition)

    async def _put(
        self, key: str, chunks: AsyncIterator[bytes], announced: Announced, condition: Mapping[str, str]
    ) -> Fixity:
        told = {ANNOUNCED_SIZE: str(announced.size), "Content-Length": str(announced.size), **condition}
        if announced.sha256 is not None:
            told["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(announced.sha256)).decode()
        hasher = Hasher()
        async with aclosing(self._proven(chunks, announced, hasher)) as body:
            first = await anext(body)  # the server hears nothing before there is something to store
            url, headers = self._address.signed("PUT", key, told)
            try:
                answer = await self._streams.put(url, headers=headers, content=_resumed(first, body))
            except httpx.TransportError as lost:
                raise StoreUnavailable(f"{self.name}: {lost!r}") from lost
        if not answer.is_success:
            raise refusal_of_put(answer.status_code, answer.text, key)
        return hasher.fixity()

    async def _condition(self, key: str) -> dict[str, str]:
        """Say when the server may store: if nothing lies there, or the same remains of a broken-off write as now."""
        try:
            lying = await self._in_thread(self._bucket.stat, key)
        except NotStored:
            return {"If-None-Match": "*"}
        if lying.is_whole:
            raise AlreadyStored(key)
        return {"If-Match": f'"{lying.etag}"'}

    async def _proven(
        self, chunks: AsyncIterator[bytes], announced: Announced, hasher: Hasher
    ) -> AsyncGenerator[bytes, None]:
        """Pass a body on, its last portion only when all sums are right: a wrong body never becomes an object."""
        held = b""
        async for portion in announced.portions(chunks):
            if held:
                yield held
            await self._in_thread(hasher.update, portion)
            held = portion
        announced.demand(hasher.fixity())
        yield held

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See Store.read."""
        if length == 0:  # HTTP has no range of no bytes
            await self._in_thread(self._bucket.size, demand_key(key))
            return
        last = "" if length is None else start + length - 1
        ranged = {"Range": f"bytes={start}-{last}"} if start or length else {}
        url, headers = self._address.signed("GET", demand_key(key), ranged)
        try:
            async with self._streams.stream("GET", url, headers=headers) as answer:
                if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:  # it begins past the end
                    await self._in_thread(self._bucket.size, key)
                    return
                if answer.status_code != (httpx.codes.PARTIAL_CONTENT if ranged else httpx.codes.OK):
                    await answer.aread()
                    raise refusal_of_get(answer.status_code, answer.text, key)
                if not is_whole(whole_size(answer.headers), answer.headers):
                    raise NotStored(key)
                async for chunk in answer.aiter_raw(MIB):
                    yield chunk
        except httpx.TransportError as lost:
            raise StoreUnavailable(f"{self.name}: {lost!r}") from lost

    async def copy_to(self, key: str, descriptor: int) -> None:
        """See Store.copy_to; a thread of its own does it, which for so many bytes takes less than the event loop."""
        await self._in_thread(self._bucket.copy_to, demand_key(key), owned(descriptor))

    async def read_back(self, key: str, *, pace: Pace | None = None) -> Fixity:
        """See Store.read_back; whether the server passes its own cache is the server's affair."""
        hasher = Hasher()
        async for chunk in self.read(key):
            await self._in_thread(hasher.update, chunk)
            if pace is not None:
                await pace(len(chunk))
        return hasher.fixity()

    async def size(self, key: str) -> int | None:
        """See Store.size."""
        try:
            return await self._in_thread(self._bucket.size, demand_key(key))
        except NotStored:
            return None

    async def keys(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """See Store.keys."""
        async for found in in_order(self._level, demand_prefix(prefix)):
            yield found

    async def _level(self, prefix: str) -> list[StoredObject]:
        return await self._in_thread(self._bucket.level, prefix)

    async def delete(self, key: str) -> None:
        """See DeletableStore.delete."""
        await self._in_thread(self._bucket.remove, demand_key(key))

    async def _in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a blocking call in a thread of this store."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *args, **kwargs))


async def _resumed(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for portion in rest:
        yield portion
