"""Files below one folder, reached step by step from its descriptor: no link inside it ever leads out of it."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.storage.keys import demand_key

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
NOT_A_FOLDER = frozenset({errno.ELOOP, errno.ENOTDIR})


class InTheWay(Exception):
    """A link, a file or something odd lies where a folder or an object has to be."""


class Inside:
    """A folder whose files are named by keys. All calls block; the system's errors pass through."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, key: str) -> int | None:
        """Give the length of a file, None when there is none. Raises InTheWay for what is no regular file."""
        try:
            with self._folder_of(key, make=False) as (folder, name):
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode):
            raise InTheWay(key)
        return found.st_size

    def open(self, key: str) -> int:
        """Open a file for reading; gives its descriptor. Raises FileNotFoundError, InTheWay."""
        with self._folder_of(key, make=False) as (folder, name):
            try:
                return os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)
            except OSError as fault:
                if fault.errno == errno.ELOOP:
                    raise InTheWay(key) from fault
                raise

    def place(self, temporary: Path, key: str) -> None:
        """Give a finished file its key, in a folder that is made where it lacks. Raises InTheWay, FileExistsError.

        By a rename, for not every disk that is carried away has hard links; the one writer looks before it.
        """
        with self._folder_of(key, make=True) as (folder, name):
            with suppress(FileNotFoundError):
                os.stat(name, dir_fd=folder, follow_symlinks=False)
                raise FileExistsError(key)
            os.rename(temporary, name, dst_dir_fd=folder)

    def move(self, key: str, aside: str) -> None:
        """Give a file another key; nothing is ever thrown away."""
        with self._folder_of(key, make=False) as (folder, name), self._folder_of(aside, make=True) as (other, named):
            os.rename(name, named, src_dir_fd=folder, dst_dir_fd=other)
            os.fsync(folder)
            os.fsync(other)

    def sync(self, key: str) -> None:
        """Make the folder of a file, and those above it, durable."""
        parts = demand_key(key).split("/")[:-1]
        for depth in range(len(parts) + 1):
            with self._opened(parts[:depth], make=False) as folder:
                os.fsync(folder)

    @contextmanager
    def _folder_of(self, key: str, *, make: bool) -> Iterator[tuple[int, str]]:
        *parts, name = demand_key(key).split("/")
        with self._opened(parts, make=make) as folder:
            yield folder, name

    @contextmanager
    def _opened(self, parts: list[str], *, make: bool) -> Iterator[int]:
        """Open a folder by going down to it, following no link."""
        descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=descriptor)
                try:
                    below = os.open(part, FOLDER, dir_fd=descriptor)
                except OSError as fault:
                    if fault.errno in NOT_A_FOLDER:
                        raise InTheWay("/".join(parts)) from fault
                    raise
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)
