"""A store in a folder: temporary name, write, fsync, link, fsync the folders; nothing is ever half there.

Measured with power cuts: without the last fsync (of the folder) acknowledged files were lost.
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from shared.errors import StorageFull
from shared.ids import new_id
from shared.storage.digest import Hasher
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

UNFINISHED = ".unfinished"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FolderStore:
    """Keeps objects as files under one folder, the key being the path."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self._root = root
        self._unfinished = root / UNFINISHED

    async def prepare(self) -> None:
        """Make the folder, and sweep what earlier writes left unfinished."""
        with faults_named():
            await asyncio.to_thread(self._sweep)

    def _sweep(self) -> None:
        self._unfinished.mkdir(parents=True, exist_ok=True, mode=0o700)
        for remains in self._unfinished.iterdir():
            remains.unlink(missing_ok=True)

    async def close(self) -> None:
        """Nothing to let go of."""

    async def put_new(self, key: str, chunks: AsyncIterator[bytes], *, size: int, sha256: str | None = None) -> Fixity:
        """See Store.put_new."""
        place = self._root / demand_key(key)
        temporary = self._unfinished / str(new_id())
        if place.exists():
            raise AlreadyStored(key)
        try:
            with faults_named():
                fixity = await self._write(temporary, chunks, size)
                if sha256 is not None and fixity.sha256 != sha256:
                    raise DigestMismatch(f"{fixity.sha256} came, {sha256} was announced")
                await asyncio.to_thread(settle, temporary, place)
        finally:
            temporary.unlink(missing_ok=True)
        return fixity

    async def _write(self, temporary: Path, chunks: AsyncIterator[bytes], size: int) -> Fixity:
        """Write and hash in portions of 1 MiB, one thread hop each."""
        hasher, waiting = Hasher(), bytearray()
        with temporary.open("xb", buffering=0) as file:
            async for chunk in chunks:
                waiting += chunk
                if hasher.size + len(waiting) > size:
                    raise LengthMismatch(f"more than {size} bytes came")
                if len(waiting) >= MIB:
                    portion, waiting = waiting, bytearray()
                    await asyncio.to_thread(write, file, hasher, portion)
            await asyncio.to_thread(write, file, hasher, waiting)
            if hasher.size != size:
                raise LengthMismatch(f"{hasher.size} bytes came, {size} were announced")
            await asyncio.to_thread(os.fsync, file.fileno())
        return hasher.fixity()

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See Store.read."""
        with faults_named(key):
            file = await asyncio.to_thread((self._root / demand_key(key)).open, "rb")
            try:
                left = os.fstat(file.fileno()).st_size - start if length is None else length
                file.seek(start)
                while left > 0 and (chunk := await asyncio.to_thread(file.read, min(MIB, left))):
                    left -= len(chunk)
                    yield chunk
            finally:
                file.close()

    async def read_back(self, key: str) -> Fixity:
        """See Store.read_back; the pages of the file are dropped from the system's cache first."""
        with faults_named(key):
            return await asyncio.to_thread(hashed_from_disk, self._root / demand_key(key))

    async def size(self, key: str) -> int | None:
        """See Store.size."""
        with faults_named(key), suppress(FileNotFoundError):
            return (await asyncio.to_thread((self._root / demand_key(key)).stat)).st_size
        return None

    async def keys(self, prefix: str = "") -> AsyncIterator[StoredObject]:
        """See Store.keys."""
        for found in await asyncio.to_thread(lambda: sorted(self._walk(), key=lambda each: each.key)):
            if found.key.startswith(prefix):
                yield found

    def _walk(self) -> Iterator[StoredObject]:
        for folder, folders, files in os.walk(self._root):
            if Path(folder) == self._root and UNFINISHED in folders:
                folders.remove(UNFINISHED)
            for file in files:
                path = Path(folder) / file
                yield StoredObject(path.relative_to(self._root).as_posix(), path.stat().st_size)

    async def delete(self, key: str) -> None:
        """See DeletableStore.delete."""
        path = self._root / demand_key(key)
        with faults_named(key):
            await asyncio.to_thread(path.unlink, missing_ok=True)


def write(file: FileIO, hasher: Hasher, portion: bytearray) -> None:
    """Write a portion and hash it."""
    view = memoryview(portion)
    while view:
        view = view[file.write(view) or 0 :]
    hasher.update(portion)


def settle(temporary: Path, place: Path) -> None:
    """Give a finished file its name, durably, unless the name is taken. Raises AlreadyStored."""
    missing = [folder for folder in (place.parent, *place.parent.parents) if not folder.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(temporary, place)  # unlike a rename, a link never replaces
    except FileExistsError as taken:
        raise AlreadyStored(str(place.name)) from taken
    sync_folder(place.parent)
    for folder in missing:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hashed_from_disk(path: Path) -> Fixity:
    """Hash a file as the disk holds it."""
    hasher = Hasher()
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(MIB):
            hasher.update(chunk)
    return hasher.fixity()


@contextmanager
def faults_named(key: str = "") -> Iterator[None]:
    """Turn the system's errors into a store's."""
    try:
        yield
    except FileNotFoundError as missing:
        raise NotStored(key) from missing
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise StorageFull from fault
        raise StoreUnavailable(str(fault)) from fault
