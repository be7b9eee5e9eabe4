"""A fresh PostgreSQL cluster, made by initdb as the user it will run as."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.backing.errors import NotReady
from cli.backing.private_file import write_private
from cli.backing.process import bare_environment

SUPERUSER = "postgres"


@contextmanager
def doorway(folder: Path) -> Iterator[tuple[int, str]]:
    """Open a folder and give its descriptor, and the path under which a process that inherits it finds the folder.

    A server that gives up root keeps a way in, although it may not pass through the folders above, such as /root.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor, f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def make(place: Path, initdb: Path, password: str, *, user: str | None, fsync: bool) -> None:
    """Make a cluster with passwords for everybody, UTF-8 and the order of code points; all of it or nothing.

    It belongs to `user` (None: to ourselves). Without `fsync` it is there sooner, and not yet safe from a power cut.
    Raises NotReady when initdb fails.
    """
    unfinished = place.with_name(place.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password_file = unfinished.with_suffix(".password")
    try:
        write_private(password_file, password)
        if user:
            shutil.chown(unfinished, user, user)
            shutil.chown(password_file, user)
        run_initdb([initdb] if fsync else [initdb, "--no-sync"], unfinished, password_file, user)
    finally:
        password_file.unlink(missing_ok=True)
    unfinished.rename(place)


def run_initdb(words: Sequence[str | Path], place: Path, password_file: Path, user: str | None) -> None:
    """Run initdb to its end; raises NotReady with what it said."""
    rules = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={SUPERUSER}"]
    with password_file.open("rb") as password, doorway(place) as (door, path):
        done = subprocess.run(
            [*words, "-D", path, "--pwfile=/dev/stdin", *rules],
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=password,
            pass_fds=[door],
            cwd="/",
            env=bare_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise NotReady(f"initdb: {done.stderr.strip()}")
