"""A file on its way into a folder store: it has a temporary name until every byte of it is right and on the disk."""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from shared.ids import new_id
from shared.storage.announced import Announced
from shared.storage.digest import Hasher
from shared.storage.port import Fixity


class Unfinished:
    """One unfinished file. It is worked on in threads that nobody can stop, so it is locked and can be abandoned.

    A file that is being written is also held by `flock`, so that no other process takes it for a remain.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / str(new_id())
        self._lock = Lock()
        self._hasher = Hasher()
        self._descriptor: int | None = None
        self._abandoned = False

    def append(self, portion: bytes) -> None:
        """Write and hash the next bytes; the system's errors pass through."""
        with self._lock:
            self._append(portion)

    def finish(self, portion: bytes, announced: Announced, place: Callable[[Path], None]) -> Fixity:
        """Write the last bytes, hold all against what was announced, make them durable and have them put in place.

        Raises DigestMismatch and what `place` raises; the system's errors pass through.
        """
        with self._lock:
            self._append(portion)
            fixity = self._hasher.fixity()
            announced.demand(fixity)
            if self._descriptor is None:  # given up while this waited for a thread; nobody hears the answer
                return fixity
            os.fsync(self._descriptor)
            place(self._path)
            self._let_go()
            return fixity

    def abandon(self) -> None:
        """Leave nothing behind; what was to be done to the file after this is not done any more."""
        with self._lock:
            self._abandoned = True
            self._let_go()

    def _append(self, portion: bytes) -> None:
        if self._abandoned:
            return
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        left = memoryview(portion)
        while left:
            left = left[os.write(self._descriptor, left) :]
        self._hasher.update(portion)

    def _let_go(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):  # what cannot be removed now is swept at the next start
                self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


def sweep(folder: Path, before: datetime) -> None:
    """Remove what writers that are gone left unfinished before a moment; a living writer still holds its file."""
    for remains in folder.iterdir():
        with suppress(FileNotFoundError, BlockingIOError):
            descriptor = os.open(remains, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(descriptor).st_mtime < before.timestamp():
                    remains.unlink()
            finally:
                os.close(descriptor)
