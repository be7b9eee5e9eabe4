"""A store on an S3 server: the minio client for control, streaming httpx for bytes.

Bytes go to URLs that are presigned here, without asking the server. A PUT carries `If-None-Match: *`, so that what is
stored is never overwritten, and its SHA-256 where it was announced, so that the server checks it too. The last
portion is held back until our own sums are right: a wrong body never becomes an object.
"""

import asyncio
import base64
import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import httpx
import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from shared.errors import ArchiveError, StorageFull
from shared.storage.digest import Hasher, fixity_of
from shared.storage.keys import demand_key
from shared.storage.port import (
    MIB,
    AlreadyStored,
    DigestMismatch,
    Fixity,
    LengthMismatch,
    NotStored,
    StoredObject,
    StoreUnavailable,
)

T = TypeVar("T")
REGION = "us-east-1"
URL_LIFE = timedelta(hours=1)
CONNECTIONS = 16
LISTED_AT_ONCE = 1000


class S3Store:
    """Keeps objects in one bucket."""

    def __init__(self, url: str, name: str) -> None:
        parts = urlsplit(url)
        self.name = name
        self._bucket = parts.path.strip("/")
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix=f"s3-{name}")
        self._control = Minio(
            f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname),
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            secure=parts.scheme == "s3+https",
            region=REGION,
            http_client=urllib3.PoolManager(
                maxsize=CONNECTIONS, timeout=urllib3.Timeout(connect=5, read=30), retries=urllib3.Retry(1)
            ),
        )
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(60, connect=5, pool=60), limits=httpx.Limits(max_connections=CONNECTIONS)
        )

    async def prepare(self) -> None:
        """Make sure of the bucket."""
        await self._ask(self._make_bucket)

    def _make_bucket(self) -> None:
        if not self._control.bucket_exists(self._bucket):
            try:
                self._control.make_bucket(self._bucket)
            except S3Error as error:
                if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                    raise

    async def close(self) -> None:
        """Let go of connections and threads."""
        await self._http.aclose()
        self._threads.shutdown(wait=False)

    async def put_new(self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str | None = None) -> Fixity:
        """See Store.put_new."""
        hasher = Hasher()
        headers = {"Content-Length": str(size), "If-None-Match": "*"}
        if sha256 is not None:
            headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
        body = proven(chunks, hasher, size, sha256)
        try:
            answer = await self._http.put(self._signed("PUT", key), content=body, headers=headers)
        except httpx.TransportError as lost:
            raise StoreUnavailable(f"{self.name}: {lost!r}") from lost
        finally:
            await body.aclose()
        demand_stored(answer, key)
        return hasher.fixity()

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See Store.read."""
        if length == 0:
            return
        end = "" if length is None else str(start + length - 1)
        headers = {"Range": f"bytes={start}-{end}"} if start or length is not None else {}
        try:
            async with self._http.stream("GET", self._signed("GET", key), headers=headers) as answer:
                if answer.status_code == 404:
                    raise NotStored(key)
                if not answer.is_success:
                    raise StoreUnavailable(f"{self.name}: {answer.status_code}")
                async for chunk in answer.aiter_bytes(MIB):
                    yield chunk
        except httpx.TransportError as lost:
            raise StoreUnavailable(f"{self.name}: {lost!r}") from lost

    async def read_back(self, key: str) -> Fixity:
        """See Store.read_back; whether the server passes its own cache is the server's affair."""
        return await fixity_of(self.read(key))

    async def size(self, key: str) -> int | None:
        """See Store.size."""
        demand_key(key)
        try:
            found = await self._ask(lambda: self._control.stat_object(self._bucket, key))
        except NotStored:
            return None
        return found.size

    async def keys(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """See Store.keys."""
        listing = self._control.list_objects(self._bucket, prefix=prefix, recursive=True)
        while portion := await self._ask(lambda: list(itertools.islice(listing, LISTED_AT_ONCE))):
            for found in portion:
                yield StoredObject(str(found.object_name), found.size or 0)

    async def delete(self, key: str) -> None:
        """See DeletableStore.delete."""
        demand_key(key)
        await self._ask(lambda: self._control.remove_object(self._bucket, key))

    def _signed(self, method: str, key: str) -> str:
        return self._control.get_presigned_url(method, self._bucket, demand_key(key), expires=URL_LIFE)

    async def _ask(self, call: Callable[[], T]) -> T:
        """Run one control call in the store's own threads."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except S3Error as error:
            if error.code in ("NoSuchKey", "NoSuchObject"):
                raise NotStored(str(error)) from error
            raise StoreUnavailable(f"{self.name}: {error.code}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as lost:
            raise StoreUnavailable(f"{self.name}: {lost!r}") from lost


async def proven(
    chunks: AsyncIterator[bytes], hasher: Hasher, size: int, sha256: str | None
) -> AsyncGenerator[bytes, None]:
    """Pass a body on in portions of about 1 MiB, the last only when length and digest are right."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if hasher.size + len(waiting) > size:
            raise LengthMismatch(f"more than {size} bytes came")
        if len(waiting) > MIB:
            portion, waiting = bytes(waiting[:-1]), waiting[-1:]
            await asyncio.to_thread(hasher.update, portion)
            yield portion
    hasher.update(waiting)
    if hasher.size != size:
        raise LengthMismatch(f"{hasher.size} bytes came, {size} were announced")
    if sha256 is not None and hasher.fixity().sha256 != sha256:
        raise DigestMismatch(f"{hasher.fixity().sha256} came, {sha256} was announced")
    yield bytes(waiting)


def demand_stored(answer: httpx.Response, key: str) -> None:
    """Raise what the server's answer to a PUT means, unless it means stored."""
    if answer.is_success:
        return
    text = answer.text
    failure: ArchiveError
    if answer.status_code in (409, 412):
        failure = AlreadyStored(key)
    elif answer.status_code == 400 and ("Digest" in text or "hecksum" in text):
        failure = DigestMismatch(key)
    elif answer.status_code == 507 or "StorageFull" in text or "no free volumes" in text:
        failure = StorageFull(key)
    else:
        failure = StoreUnavailable(f"{answer.status_code} {text[:200]}")
    raise failure
