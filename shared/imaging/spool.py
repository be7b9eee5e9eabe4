"""A private folder through which one page at a time goes into the sandbox and its pictures come back.

The process on the other side decodes hostile files, so nothing that it leaves here is taken for a plain file unseen.
"""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

PREFIX = "saoluu-page-"
PAGE, THUMBNAIL, READING_COPY, CUTTING = "page", "thumbnail.jpg", "reading.jpg", "cutting.jpg"
PRINT, READING_PAGE = "print", "reading.pnm"
LARGEST_PICTURE = 16 << 20
LARGEST_PRINT = 64 << 20
YOUNGEST_ORPHAN = 60.0


Fill = Callable[[int], Awaitable[None]]  # writes a page into an open file


class NotAPicture(ValueError):
    """What lies in the spool is no picture that the worker was asked for."""


class Spool:
    """The folder of one worker, locked by us for as long as we live, so that others can tell it from an orphan."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    async def receive(self, fill: Fill) -> None:
        """Have a page written here; what the last one left is gone before. Raises OSError, and what `fill` raises."""
        self.clear()
        how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(self.folder / PAGE, how, 0o600)
        try:
            await fill(descriptor)
        finally:
            os.close(descriptor)

    def picture(self, name: str) -> bytes:
        """Read a JPEG that the worker left. Raises NotAPicture and OSError, also for links and pipes."""
        descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            seen = os.fstat(descriptor)
            if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1 or seen.st_size > LARGEST_PICTURE:
                raise NotAPicture(name)
            content = file.read(LARGEST_PICTURE)
        if not content.startswith(b"\xff\xd8\xff"):
            raise NotAPicture(name)
        return content

    def hand_out(self, name: str, folder: Path) -> None:
        """Copy a file that the worker left into another folder. Raises NotAPicture and OSError, also for links."""
        descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file, (folder / name).open("wb") as copy:
            seen = os.fstat(descriptor)
            if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1 or seen.st_size > LARGEST_PRINT:
                raise NotAPicture(name)
            shutil.copyfileobj(file, copy, 1 << 20)

    def clear(self) -> None:
        """Remove whatever lies in the folder."""
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder and let go of it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def sweep_orphans() -> None:
    """Remove the folders, and the pages in them, of owners that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or still locked, or just swept by another
            sweep(folder)


def sweep(folder: Path) -> None:
    """Remove one such folder. Raises OSError when it is in use or not ours."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        seen = os.fstat(descriptor)
        if seen.st_uid == os.geteuid() and seen.st_mtime < time.time() - YOUNGEST_ORPHAN:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)
