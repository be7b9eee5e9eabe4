"""The offline set: a plain folder with every object under its own key, and an inventory beside them.

    inventory.sha256   what is here (and inventory.part, what came since it was written)
    objects/<key>      the objects; objects/.unfinished/ what is being written
    damaged/<mark>/<key>  what was found wrong here and written anew
    set.lock           held by whoever writes

Nothing is deleted or written over. An object counts once it was read back from the medium, has its name durably, and
its line is in the inventory or its part.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cli.copies.faults import CopyRefused
from cli.copies.inside import Inside, InTheWay
from cli.copies.inventory import (
    NAME,
    OBJECTS,
    PART,
    Inventory,
    InventoryMalformed,
    append,
    open_part,
    replace,
)
from cli.doors import NOT_NOW
from shared.errors import StorageFull
from shared.ids import new_id
from shared.storage.digest import Hasher
from shared.storage.folder import NO_ROOM
from shared.storage.port import Fixity, StoreUnavailable
from shared.storage.tree import sync_folder

LOCK, DAMAGED, UNFINISHED = "set.lock", "damaged", ".unfinished"
READ_AT_ONCE = 4 << 20


class OfflineSet:
    """A set that is open for its one writer. Calls block, and are made in threads."""

    def __init__(self, root: Path, inventory: Inventory, part: BinaryIO) -> None:
        self.root, self.digests, self._part = root, inventory.digests, part
        self.objects = Inside(root / OBJECTS)
        self._whole = Inside(root)

    def temporary(self) -> Path:
        """Name a file that is yet to be written."""
        return self.root / OBJECTS / UNFINISHED / str(new_id())

    def fixity(self, key: str) -> Fixity:
        """Read an object again from the medium. Raises FileNotFoundError, InTheWay; the system's errors pass."""
        return fixity_of(self.objects.open(key))

    def place(self, temporary: Path, key: str) -> None:
        """Give a proven file its key. Raises InTheWay, FileExistsError."""
        self.objects.place(temporary, key)

    def enter(self, digests: Mapping[str, str]) -> None:
        """Count objects that have their names: their folders are made durable, then their lines."""
        for folder in {key.rpartition("/")[0]: key for key in digests}.values():
            self.objects.sync(folder)
        append(self._part, digests)
        self.digests |= digests

    def set_aside(self, key: str, mark: str) -> str:
        """Keep what was found wrong under a name that tells its bytes; gives that."""
        aside = f"{DAMAGED}/{mark}-{new_id().hex[-8:]}/{key}"
        self._whole.move(f"{OBJECTS}/{key}", aside)
        return aside

    def conclude(self) -> int:
        """Write the inventory anew; gives the bytes of all objects that are there."""
        count = 0
        for key in self.digests:
            with suppress(InTheWay):
                count += self.objects.size(key) or 0
        replace(self.root, self.digests, count)
        return count


def fixity_of(descriptor: int) -> Fixity:
    """Read an open file from the medium, past the system's cache, and close it."""
    hasher = Hasher()
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        while portion := file.read(READ_AT_ONCE):
            hasher.update(portion)
    return hasher.fixity()


@contextmanager
def opened(root: Path) -> Iterator[OfflineSet]:
    """Open a set for writing, made where there is none, by one process at a time. Raises CopyRefused, StorageFull."""
    with room_named(root), alone_in(root):
        if not (root / NAME).exists():
            (root / OBJECTS / UNFINISHED).mkdir(parents=True, exist_ok=True)
            sync_folder(root)
            if not (root / PART).exists():
                replace(root, {}, 0)
        try:
            inventory = Inventory.read(root, with_part=True)
        except (InventoryMalformed, FileNotFoundError, UnicodeDecodeError) as wrong:
            raise CopyRefused(
                "copies.inventory_malformed",
                f"bản kê của bộ sao không đúng: {wrong}",
                f"the set's inventory is not right: {wrong}",
            ) from wrong
        unfinished = root / OBJECTS / UNFINISHED
        demand_own_folders(root, unfinished)
        for remains in unfinished.iterdir():
            remains.unlink()
        with open_part(root) as part:
            try:
                yield OfflineSet(root, inventory, part)
            finally:
                with suppress(OSError):
                    part.close()


def demand_own_folders(root: Path, unfinished: Path) -> None:
    """Make the folders of a set, none of which may be a link. Raises CopyRefused."""
    for folder in (root / OBJECTS, unfinished, root / DAMAGED):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise CopyRefused(
                "copies.link_in_set", f"{folder} không phải là thư mục thật", f"{folder} is no real folder"
            )
        folder.mkdir(exist_ok=True)


@contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Hold a set for one writer; the kernel lets go for one that dies. Raises CopyRefused."""
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise CopyRefused(
                "copies.set_busy",
                f"một lệnh khác đang ghi vào {root}",
                f"another command is writing to {root}",
                NOT_NOW,
            ) from busy
        yield
    finally:
        os.close(descriptor)


@contextmanager
def room_named(root: Path) -> Iterator[None]:
    """Turn the system's errors about a set into errors with a code."""
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise StorageFull(f"{root}: {fault.strerror}") from fault
        raise StoreUnavailable(f"{root}: {fault}") from fault
