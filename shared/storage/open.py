"""Choose a store by its URL: the one place where the two ways to run differ in where bytes lie."""

from pathlib import Path
from urllib.parse import urlsplit

from shared.storage.folder import FolderStore
from shared.storage.port import DeletableStore
from shared.storage.s3 import S3Store


def open_store(url: str, name: str) -> DeletableStore:
    """Open `file:///folder` or `s3+http(s)://ACCESS:SECRET@host:port/bucket`; every store keeps its name for its life.

    All can delete; who may only add is given the store as a `Store`, and in production a key that cannot delete.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(parts.path), name)
    if parts.scheme in ("s3+http", "s3+https"):
        return S3Store(url, name)
    raise ValueError(f"the {name} store has no usable URL: it begins with {parts.scheme or 'nothing'}:")
