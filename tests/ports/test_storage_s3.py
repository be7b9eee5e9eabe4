"""What a store on an S3 server promises although servers go away, break off and have faults of their own."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from hashlib import sha256
from io import BytesIO
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from minio import Minio

from cli.backing.seaweed import Seaweed
from shared.errors import ArchiveError, StorageFull
from shared.storage.address import Address
from shared.storage.announced import Announced
from shared.storage.digest import Hasher, streamed
from shared.storage.port import MIB, AlreadyStored, DigestMismatch, Fixity, NotStored, StoreUnavailable
from shared.storage.s3 import S3Store
from shared.storage.s3_answers import ANNOUNCED_SIZE, refusal_of_put

T = TypeVar("T")


@pytest.fixture
def address(seaweed: Seaweed) -> Address:
    return Address.of(urlsplit(seaweed.url("storage")))


@pytest.fixture
async def store(address: Address) -> AsyncIterator[S3Store]:
    store = S3Store(address, "archive")
    await store.prepare()
    yield store
    await store.close()


@pytest.fixture
def key() -> str:
    return f"{uuid4().hex}/a"


async def put(store: S3Store, key: str, content: bytes) -> Fixity:
    return await store.put_new(key, streamed(content), size=len(content))


def client(address: Address) -> Minio:
    keys = address.credentials
    return Minio(address.host, keys.access_key, keys.secret_key, secure=False, region=address.region)


async def break_off(address: Address, key: str) -> None:
    """Announce five bytes, send none and go: what a killed writer does at its worst moment."""
    _, headers = address.signed("PUT", key, {ANNOUNCED_SIZE: "5", "Content-Length": "5", "If-None-Match": "*"})
    host, _, port = address.host.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    lines = [f"PUT /{address.bucket}/{key} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.5)


async def lay_remains(address: Address, key: str) -> None:
    """Lay down what some servers make of such a write: an object that is shorter than was announced."""
    told: dict[str, str | list[str] | tuple[str]] = {ANNOUNCED_SIZE: "5"}
    await asyncio.to_thread(lambda: client(address).put_object(address.bucket, key, BytesIO(b"ab"), 2, metadata=told))


@pytest.mark.parametrize("leave_remains", [break_off, lay_remains])
async def test_the_remains_of_a_broken_off_write_are_no_object_and_leave_the_key_free(
    store: S3Store, address: Address, key: str, leave_remains: Callable[[Address, str], Awaitable[None]]
) -> None:
    await leave_remains(address, key)
    assert await store.size(key) is None
    for start in (0, 1, 9):
        with pytest.raises(NotStored):
            await anext(store.read(key, start=start))
    ended = await asyncio.gather(*(put(store, key, b"whole") for _ in range(4)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in ended) == ["AlreadyStored"] * 3 + ["Fixity"]
    assert await anext(store.read(key)) == b"whole"
    with pytest.raises(AlreadyStored):
        await put(store, key, b"again")


async def test_an_empty_remain_is_not_listed_but_an_empty_object_is(store: S3Store, address: Address, key: str) -> None:
    await break_off(address, key)
    await put(store, f"{key}-empty", b"")
    assert [found.key async for found in store.keys(key)] == [f"{key}-empty"]


async def test_what_others_put_into_the_bucket_can_be_read(store: S3Store, address: Address, key: str) -> None:
    await asyncio.to_thread(lambda: client(address).put_object(address.bucket, key, BytesIO(b"abc"), 3))
    assert await store.size(key) == 3
    assert await anext(store.read(key, start=1)) == b"bc"


async def test_the_server_checks_the_announced_sum_by_itself(
    store: S3Store, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_proven", unproven)  # as if our own check had failed
    with pytest.raises(DigestMismatch, match="the server got other bytes"):
        await store.put_new(key, streamed(b"wrong"), size=5, sha256=sha256(b"right").hexdigest())
    assert await store.size(key) is None


async def test_a_wrong_body_is_not_passed_on_to_its_end(store: S3Store) -> None:
    announced = Announced(3 * MIB, sha256(b"right").hexdigest())
    passed = 0
    with pytest.raises(DigestMismatch):
        async for portion in store._proven(in_portions(3), announced, Hasher()):
            passed += len(portion)
    assert passed == 2 * MIB


async def in_portions(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield bytes(MIB)


async def unproven(chunks: AsyncIterator[bytes], *_: object) -> AsyncGenerator[bytes, None]:
    async for chunk in chunks:
        yield chunk


async def test_a_wrong_key_is_told_by_its_code_and_without_the_secret(seaweed: Seaweed, key: str) -> None:
    right = urlsplit(seaweed.url("storage"))
    store = S3Store(
        Address.of(right._replace(netloc=f"{right.username}:S3CRET@{right.hostname}:{right.port}")), "archive"
    )
    for call in (store.size(key), put(store, key, b"x"), store.read_back(key), store.prepare()):
        with pytest.raises(StoreUnavailable) as refused:
            await call
        assert "S3CRET" not in str(refused.value)
    await store.close()


@pytest.mark.parametrize(
    ("status", "code", "refusal"),
    [
        (412, "PreconditionFailed", AlreadyStored),
        (304, "", AlreadyStored),
        (409, "ConditionalRequestConflict", StoreUnavailable),
        (400, "BadDigest", DigestMismatch),
        (507, "", StorageFull),
        (403, "QuotaExceeded", StorageFull),
        (500, "InternalError", StoreUnavailable),
        (503, "SlowDown", StoreUnavailable),
        (404, "NoSuchBucket", StoreUnavailable),
    ],
)
def test_a_refusal_is_named_for_what_it_means(status: int, code: str, refusal: type[ArchiveError]) -> None:
    assert type(refusal_of_put(status, f"<Error><Code>{code}</Code></Error>", "key")) is refusal


async def within(seconds: float, call: Awaitable[T]) -> T:
    started = time.monotonic()
    try:
        return await call
    finally:
        assert time.monotonic() - started < seconds


async def test_a_server_that_goes_away_is_unavailable_at_once_and_used_again_when_it_is_back(
    seaweed: Seaweed, store: S3Store, key: str
) -> None:
    await put(store, f"{key}/before", b"x")

    async def interrupted() -> AsyncIterator[bytes]:
        yield bytes(3 * MIB)
        await asyncio.to_thread(seaweed.kill)
        yield bytes(3 * MIB)

    with pytest.raises(StoreUnavailable):
        await store.put_new(f"{key}/during", interrupted(), size=6 * MIB)
    for call in (store.size(key), put(store, key, b"x"), store.read_back(key), store.delete(key), store.prepare()):
        with pytest.raises(StoreUnavailable):
            await within(5, call)
    with pytest.raises(StoreUnavailable):
        await within(5, anext(store.keys(key)))
    await asyncio.to_thread(seaweed.start)
    assert await anext(store.read(f"{key}/before")) == b"x"
    assert await store.size(f"{key}/during") is None
    await put(store, f"{key}/during", b"x")
    await store.delete(f"{key}/during")


async def test_a_server_that_was_never_there_is_unavailable(key: str) -> None:
    address = Address.of(urlsplit("s3+http://access:secret-of-some-length@127.0.0.1:9/bucket"))
    store = S3Store(address, "archive")
    with pytest.raises(StoreUnavailable):
        await within(5, put(store, key, b"x"))
    with pytest.raises(StoreUnavailable):
        await within(5, anext(store.read(key)))
    await store.close()


async def test_a_body_is_not_begun_before_its_first_part_is_there(store: S3Store, key: str) -> None:
    begun: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        begun.append(request)

    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise ConnectionResetError

    store._streams.event_hooks["request"].append(note)
    with pytest.raises(ConnectionResetError):
        await store.put_new(key, broken(), size=5)
    assert not begun
