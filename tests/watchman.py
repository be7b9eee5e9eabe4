"""Ends the servers of a test run when the run has ended, however it ended: `python -m tests.watchman FOLDER`."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.seaweed import Seaweed
from cli.backing.server import Server

KINDS: dict[str, type[Server]] = {"postgres": Postgres, "rabbitmq": RabbitMq, "seaweed": Seaweed}


@contextmanager
def watched_folder() -> Iterator[Path]:
    """Give a folder for servers, each in a folder with its name in KINDS; afterwards neither is left.

    The watchman holds the other end of a pipe, which the kernel closes for a run that is killed, too. It has a
    session of its own, so that a Ctrl-C is none for it.
    """
    folder = Path(tempfile.mkdtemp(prefix="saoluu-servers-"))
    words = [sys.executable, "-m", "tests.watchman", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, cwd=Path(__file__).parents[1], start_new_session=True):
        yield folder


def watch(folder: Path) -> None:
    """Wait for the end of the run, then take away what it started."""
    sys.stdin.buffer.read()
    for name, kind in KINDS.items():
        if (folder / name).exists():
            kind(folder / name).kill()
    shutil.rmtree(folder)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
