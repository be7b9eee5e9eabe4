"""A tree of folders and files on a disk, changed so that a power cut takes back nothing that was promised."""

import filecmp
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from itertools import takewhile
from pathlib import Path

from shared.ids import new_id
from shared.storage.port import AlreadyStored, NotStored, StoredObject, StoreUnavailable

ATTEMPTS = 5
REMEMBERED = 10_000
LARGEST_STEP = 1 << 30


class Tree:
    """Keys as files under a root. All calls block: they are made in threads. The system's errors pass through.

    The folder of unfinished writes is also the sign that the root is really there: the empty mount point of a disk
    that is not plugged in holds none, and must not look like a store that lost everything.
    """

    def __init__(self, root: Path) -> None:
        self.unfinished = root / ".unfinished"
        self._root = root
        self._durable = {root}

    def prepare(self) -> None:
        """Make the root and the folder of unfinished writes."""
        missing = [folder for folder in (self.unfinished, *self.unfinished.parents) if not folder.exists()]
        self.unfinished.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            sync_folder(folder.parent)

    def link(self, temporary: Path, key: str) -> None:
        """Give a finished file its key, durably. Raises AlreadyStored, and then what lies there is durable as well.

        Unlike a rename, a link never replaces. Measured with power cuts: without the fsync of the folder,
        acknowledged files were gone.
        """
        place = self._root / key
        for _ in range(ATTEMPTS):
            with suppress(FileNotFoundError):  # the last other file in the folder goes, and the folder with it
                new = self._make_folder(place.parent, key)
                is_taken = False
                try:
                    os.link(temporary, place)
                except FileExistsError:
                    is_taken = True
                for folder in (place.parent, *(each.parent for each in new)):
                    sync_folder(folder)
                self._durable.update(new)
                if is_taken:
                    raise AlreadyStored(key)
                return
            self._durable = {self._root}
        raise StoreUnavailable(f"the folder of {key} does not stay")

    def exchange(self, temporary: Path, key: str, aside: str) -> None:
        """Give a finished file the key of a damaged one, which goes on under the key `aside`, durably.

        The damaged file has its new name before it loses the old one. Raises AlreadyStored when none lay there, and
        now one does.
        """
        place = self._root / key
        if not os.path.lexists(place):
            return self.link(temporary, key)
        try:
            self.link(place, aside)
        except AlreadyStored:  # from a repair that was killed, or from the same damage once before
            if not filecmp.cmp(place, self._root / aside, shallow=False):
                self.link(place, f"{aside}.{new_id()}")
        temporary.rename(place)
        return sync_folder(place.parent)

    def _make_folder(self, folder: Path, key: str) -> list[Path]:
        """Make a folder, and name those from it upwards which we do not know to outlive a power cut."""
        if len(self._durable) > REMEMBERED:
            self._durable = {self._root}
        way_up = takewhile(lambda each: each != self._root, (folder, *folder.parents))
        unsure = [each for each in way_up if each not in self._durable]
        try:
            for each in reversed(unsure):
                make_folder(each)
        except NotADirectoryError as taken:
            raise AlreadyStored(f"a key above {key}") from taken
        return unsure

    def remove(self, key: str) -> None:
        """Take a file away, durably, and the folders that it leaves empty."""
        place = self._root / key
        with suppress(NotStored), self._named_when_missing(key):
            place.unlink()
            sync_folder(place.parent)
            for folder in takewhile(lambda each: each != self._root, place.parents):
                self._durable.discard(folder)
                try:
                    folder.rmdir()
                except OSError:  # something else lies in it
                    return

    def forget_cache(self, key: str) -> None:
        """Make the system read a file from the disk when it is read next. Raises NotStored."""
        with self._opened(key) as descriptor:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def read(self, key: str, start: int, length: int) -> bytes:
        """Read at most so many bytes from a place on, fewer only at the end. Raises NotStored.

        The file is opened for every portion: a reader that is stopped leaves nothing open.
        """
        with self._opened(key) as descriptor:
            return os.pread(descriptor, length, start)

    def copy_to(self, key: str, target: FileIO) -> None:
        """Write a file into an open one, inside the kernel. Raises NotStored."""
        self.size(key)  # a folder can be opened as well
        with self._opened(key) as source:
            at = 0
            while sent := os.sendfile(target.fileno(), source, at, LARGEST_STEP):
                at += sent

    def size(self, key: str) -> int:
        """Give the length of a file in bytes. Raises NotStored."""
        with self._named_when_missing(key):
            found = (self._root / key).lstat()
            if not stat.S_ISREG(found.st_mode):
                raise NotStored(key)
            return found.st_size

    def level(self, prefix: str) -> list[StoredObject]:
        """List files and, as keys that end in `/`, folders that begin with a prefix, down to its last folder only."""
        folder, _, beginning = prefix.rpartition("/")
        above = f"{folder}/" if folder else ""
        listed: list[StoredObject] = []
        with suppress(NotStored), self._named_when_missing(folder), os.scandir(self._root / folder) as entries:
            for entry in entries:
                if entry.name.startswith(beginning) and not entry.name.startswith("."):
                    with suppress(FileNotFoundError):
                        if entry.is_dir(follow_symlinks=False):
                            listed.append(StoredObject(f"{above}{entry.name}/", 0))
                        elif entry.is_file(follow_symlinks=False):
                            listed.append(StoredObject(f"{above}{entry.name}", entry.stat().st_size))
        if not listed:
            self._demand_root()
        return listed

    @contextmanager
    def _opened(self, key: str) -> Iterator[int]:
        with self._named_when_missing(key):
            descriptor = os.open(self._root / key, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                yield descriptor
            finally:
                os.close(descriptor)

    @contextmanager
    def _named_when_missing(self, key: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as missing:
            self._demand_root()
            raise NotStored(key) from missing

    def _demand_root(self) -> None:
        if not self.unfinished.exists():
            raise StoreUnavailable(f"{self._root} holds no store")


def make_folder(folder: Path) -> None:
    """Make a folder unless it is there.

    Raises NotADirectoryError when a file is in the way, FileNotFoundError when the folder goes while we look.
    """
    try:
        folder.mkdir()
    except FileExistsError:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise NotADirectoryError(str(folder)) from None


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
