"""Servers of a test run end with it, also when it is killed."""

import subprocess
import sys
from pathlib import Path

from cli.backing import process

ROOT = Path(__file__).parents[2]
RUN = """
import time
from cli.backing.postgres import Postgres
from tests.watchman import watched_folder
with watched_folder() as folder:
    Postgres(folder / "postgres", fsync=False).start()
    print(folder, flush=True)
    time.sleep(60)
"""


def test_a_run_that_is_killed_leaves_neither_processes_nor_files() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        assert process.marked(folder / "postgres")
        run.kill()
    assert process.wait_until(lambda: not folder.exists(), 20)
    assert process.marked(folder / "postgres") == set()
