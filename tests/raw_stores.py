"""Stores seen from behind: what lies there in truth, put there or damaged without asking the store."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from minio import Minio

from shared.storage.address import Address
from shared.storage.s3_answers import ANNOUNCED_SIZE

T = TypeVar("T")


class RawStore(Protocol):
    """What a folder and a bucket have in common."""

    @property
    def url(self) -> str:
        """Give the address that a service is told."""
        ...

    async def keys(self) -> list[str]:
        """List everything that lies there, in order."""
        ...

    async def lay(self, key: str, body: bytes) -> None:
        """Put bytes where the store would have."""
        ...

    async def take(self, key: str) -> bytes:
        """Give the bytes that lie under a key."""
        ...

    async def remove(self, key: str) -> None:
        """Take away what lies under a key."""
        ...


class RawFolder:
    """The folder of a store, but for the corner of unfinished writes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def url(self) -> str:
        return self._root.as_uri()

    async def keys(self) -> list[str]:
        found = [path.relative_to(self._root) for path in self._root.rglob("*") if path.is_file()]
        return sorted(str(path) for path in found if ".unfinished" not in path.parts)

    async def lay(self, key: str, body: bytes) -> None:
        place = self._root / key
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # what a store wrote may be read only
        place.write_bytes(body)

    async def take(self, key: str) -> bytes:
        return (self._root / key).read_bytes()

    async def remove(self, key: str) -> None:
        (self._root / key).unlink()


class RawBucket:
    """The bucket of a store."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._bucket = Address.of(urlsplit(url)).bucket
        self._client = s3_client(url)

    async def keys(self) -> list[str]:
        if not await self._ask(lambda: self._client.bucket_exists(self._bucket)):
            return []
        listed = await self._ask(lambda: list(self._client.list_objects(self._bucket, recursive=True)))
        return sorted(str(each.object_name) for each in listed)

    async def lay(self, key: str, body: bytes) -> None:
        if not await self._ask(lambda: self._client.bucket_exists(self._bucket)):
            await self._ask(lambda: self._client.make_bucket(self._bucket))
        told: dict[str, str | list[str] | tuple[str]] = {ANNOUNCED_SIZE: str(len(body))}
        await self._ask(lambda: self._client.put_object(self._bucket, key, BytesIO(body), len(body), metadata=told))

    async def take(self, key: str) -> bytes:
        def read() -> bytes:
            with self._client.get_object(self._bucket, key) as answer:
                return answer.read()

        return await self._ask(read)

    async def remove(self, key: str) -> None:
        await self._ask(lambda: self._client.remove_object(self._bucket, key))

    async def _ask(self, call: Callable[[], T]) -> T:
        return await asyncio.to_thread(call)


def s3_client(url: str) -> Minio:
    """Give a client of the server whose bucket is at an address."""
    address = Address.of(urlsplit(url))
    keys = address.credentials
    return Minio(address.host, keys.access_key, keys.secret_key, secure=address.is_secure, region=address.region)


async def damage(store: RawStore, key: str) -> None:
    """Flip one bit in the middle of an object."""
    body = bytearray(await store.take(key))
    body[len(body) // 2] ^= 1
    await store.lay(key, bytes(body))
