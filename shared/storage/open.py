"""Choose a store by its URL: the one place where the two ways to run differ in where bytes lie."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.storage.address import Address
from shared.storage.folder import FolderStore
from shared.storage.port import Store
from shared.storage.s3 import S3Store


def open_store(url: str, name: str) -> FolderStore | S3Store:
    """Open `file:///folder` or `s3+http(s)://ACCESS:SECRET@host:port/bucket[?region=...]`; nothing is asked yet.

    All can delete and replace; who may only add is given the store as a `Store`, and in production a key that cannot
    delete.
    Raises ValueError, which never repeats the URL: it may hold a secret.
    """
    parts = urlsplit(url)
    place = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc and place.startswith("/"):
        return FolderStore(Path(place), name)
    if parts.scheme in ("s3+http", "s3+https") and parts.hostname and place.strip("/"):
        return S3Store(Address.of(parts), name)
    raise ValueError(
        f"the {name} store needs file:///folder or s3+http(s)://ACCESS:SECRET@host:port/bucket, "
        f"not a URL that begins with {parts.scheme or 'nothing'}:"
    )


@asynccontextmanager
async def closing(*stores: Store) -> AsyncIterator[None]:
    """Let go of stores when the block ends, however it ends."""
    async with AsyncExitStack() as stack:
        for store in stores:
            stack.push_async_callback(store.close)
        yield
