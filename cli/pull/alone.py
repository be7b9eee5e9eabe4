"""One pull at a time writes into a folder: it is locked, and where it cannot be, every file is watched."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path

from cli.copies.faults import CopyRefused, place_of
from cli.doors import NOT_NOW

LOCK = ".pull.lock"
LOCKLESS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
Mark = tuple[int, int, int]


class WrittenElsewhere(OSError):
    """Another program writes to the same file: what is read of it says nothing about what was served."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EBUSY, "another program writes here as well", str(path))


@contextmanager
def alone_in(to: Path) -> Iterator[None]:
    """Hold a folder of deliveries for one pull; the kernel lets go for one that dies. Raises CopyRefused.

    Two would append to one file, find it damaged, and sign that for the receiver, who cannot take it back. The lock is
    a file that is open for writing: a folder itself cannot be locked on NFS or SMB. Some shares have no locks at all.
    """
    try:
        to.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(to / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    except OSError as failure:
        why = f"{failure.filename or to}: {failure.strerror}"
        raise CopyRefused("pull.folder_unusable", f"không ghi được vào {why}", f"cannot write to {why}") from failure
    try:
        hold(descriptor, to)
        yield
    finally:
        os.close(descriptor)


def hold(descriptor: int, to: Path) -> None:
    """Lock a folder's file, unless its file system knows no locks. Raises CopyRefused, OSError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        if failure.errno in LOCKLESS:
            return
        if failure.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        raise CopyRefused(
            "pull.folder_busy",
            f"một lệnh tải khác đang ghi vào {place_of(to)}",
            f"another pull is writing to {place_of(to)}",
            NOT_NOW,
        ) from failure


def mark_of(path: Path) -> Mark:
    """Give what changes when a file is written to, or another takes its name; blocks."""
    facts = path.stat()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def demand_same(path: Path, mark: Mark) -> None:
    """Raise WrittenElsewhere unless a file is still the one that was read; blocks."""
    try:
        is_same = mark_of(path) == mark
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise WrittenElsewhere(path)


def add(file: BufferedWriter, path: Path, chunk: bytes, held: int) -> None:
    """Write a chunk behind what is held, which nobody else may have added to, cut or replaced; blocks.

    Raises WrittenElsewhere, OSError.
    """
    demand_held(file, path, held)
    file.write(chunk)
    file.flush()


def demand_held(file: BufferedWriter, path: Path, held: int) -> None:
    """Raise WrittenElsewhere unless an open file has its name still, and the bytes that are held; blocks."""
    facts = os.fstat(file.fileno())
    try:
        is_named = path.stat().st_ino == facts.st_ino
    except FileNotFoundError:
        is_named = False
    if not is_named or facts.st_size != held:
        raise WrittenElsewhere(path)
