"""Look at files side by side in sandboxed processes, and give what was seen in the order they were named."""

import asyncio
import errno
import os
import shutil
import signal
import stat
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import typer

from cli.language import say
from shared.imaging.formats import sniff_name
from shared.imaging.measurement import Measurement
from shared.imaging.sandbox import Sandbox

MEMORY = 2 << 30
LARGEST = 4 << 30  # bytes of a file: an A0 map at 400 dpi in 16-bit colour has 1.5 GB
WHAT = say(
    "Tệp ảnh hoặc thư mục; trong thư mục, tệp ẩn và thư mục là liên kết được bỏ qua",
    "Image files or folders; in a folder, hidden files and linked folders are passed over",
)
Result = TypeVar("Result")
AHEAD = 4  # files a process that wait or are done while an earlier one is still looked at


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file and what was seen of it; one that `has_no_room` could not be looked at, whatever it is."""

    path: Path
    seen: Measurement
    has_no_room: bool = False


def named(word: str) -> Path:
    """Take a word of the command line for a path; no word at all would be the present folder. Raises BadParameter."""
    if not word:
        raise typer.BadParameter(say("đường dẫn trống", "the path is empty"))
    return Path(word)


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Give the files that are named, and those in folders that are named, however deep, by name.

    What is named like an image there is given too though it is no file, as a link that leads nowhere or a pipe: else it
    would be missed by nobody. Hidden files and linked folders are passed over.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if is_to_be_seen(each))
        else:
            yield path


def is_to_be_seen(path: Path) -> bool:
    """Say whether something in a folder is a file, or is named like an image and no folder; no hidden ones."""
    if path.name.startswith("."):
        return False
    return path.is_file() or (sniff_name(path.name) is not None and not path.is_dir())


def demanded(files: Sequence[Path]) -> Sequence[Path]:
    """Give the files there are to look at; with none it ends with exit code 1 and says why."""
    if not files:
        print(say("Không có tệp nào ở đó.", "There is no file there."), file=sys.stderr)
        raise typer.Exit(1)
    return files


def run_to_the_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Run work; told to terminate, end it in order, so that no process and no folder stays behind."""

    async def terminable() -> Result:
        itself = asyncio.current_task()
        if itself is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, itself.cancel)
        return await work

    try:
        return asyncio.run(terminable())
    except asyncio.CancelledError:
        raise typer.Exit(128 + signal.SIGTERM) from None


async def look_at_files(paths: Sequence[Path], jobs: int, memory: int = MEMORY) -> AsyncIterator[SeenFile]:
    """Look at files, `jobs` at a time, each process with so many bytes of memory."""
    waiting = iter(paths)
    looking: list[asyncio.Task[SeenFile]] = []
    async with Sandbox(jobs, memory=memory) as sandbox, asyncio.TaskGroup() as group:
        while True:
            while len(looking) < jobs * AHEAD and (path := next(waiting, None)) is not None:
                looking.append(group.create_task(look_at_file(sandbox, path)))
            if not looking:
                return
            yield await looking.pop(0)


async def look_at_file(sandbox: Sandbox, path: Path) -> SeenFile:
    """Look at one file."""
    try:
        seen = await sandbox.look_at(partial(copy_into, path))
    except OSError as failure:
        said = Measurement(fault="unreadable", detail=str(failure))
        return SeenFile(path, said, has_no_room=failure.errno in (errno.ENOSPC, errno.EDQUOT))
    return SeenFile(path, seen.measurement)


async def copy_into(path: Path, descriptor: int) -> None:
    """Copy a file into an open one, in a thread that has a descriptor of its own."""
    own = os.dup(descriptor)
    await asyncio.to_thread(copy, path, own)


def copy(path: Path, own: int) -> None:
    """Copy a file into an open one, which is closed. Raises OSError, also for what is no plain file."""
    with os.fdopen(own, "wb") as target, open(path, "rb", opener=without_waiting) as source:
        about = os.fstat(source.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        if about.st_size > LARGEST:
            raise OSError(errno.EFBIG, "larger than any page", str(path))
        shutil.copyfileobj(source, target, 1 << 20)


def without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe too, which else waits for somebody to write."""
    return os.open(path, flags | os.O_NONBLOCK)
