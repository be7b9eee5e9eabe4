"""A data folder of the embedded mode: whether a system lies in it, and that only one runs on it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.language import say

LOCK = "running.lock"


class DataFolderBusy(Exception):
    """Another system runs on this data folder."""


def holds_a_system(data: Path) -> bool:
    """Say whether a system was ever started here: then there is a database of accounts."""
    return (data / "identity" / "identity.db").is_file()


@contextmanager
def alone_on(data: Path) -> Iterator[None]:
    """Hold the data folder for one running system; the kernel lets go of it for a system that dies.

    Raises DataFolderBusy. Two systems would both hand out jobs and both sweep what the other is writing.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            number = os.read(descriptor, 20).decode(errors="replace").strip() or "?"
            raise DataFolderBusy(
                say(
                    f"Đã có một hệ thống đang chạy trên {data.absolute()} (tiến trình {number}).",
                    f"A system already runs on {data.absolute()} (process {number}).",
                )
            ) from busy
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
