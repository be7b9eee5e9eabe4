"""A server belongs to its folder, not to who started it: stopped, shared, taken over, replaced."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.backing import process
from cli.backing.postgres import Postgres
from cli.backing.server import Server


@pytest.fixture
def postgres(place: Path) -> Iterator[Postgres]:
    """Give one server to one test after the other, stopped: making a cluster is the slow part."""
    server = Postgres(place / "postgres", fsync=False)
    yield server
    server.stop()


def test_stop_leaves_no_process_and_stopping_again_is_fine(postgres: Postgres) -> None:
    with postgres:
        assert postgres.is_running()
    assert postgres._processes() == set()
    postgres.stop()


def test_two_who_start_it_at_the_same_time_get_one_server(folder: Path) -> None:
    one, other = Postgres(folder, fsync=False), Postgres(folder, fsync=False)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Server.start, (one, other)))
    try:
        assert len(one._leaders()) == 1
        assert one.ports == other.ports
    finally:
        one.stop()


@contextmanager
def started_by_another(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process start a PostgreSQL server and then do nothing."""
    script = (
        "import sys, time, pathlib; from cli.backing.postgres import Postgres;"
        "Postgres(pathlib.Path(sys.argv[1]), fsync=False).start(); print('up', flush=True); time.sleep(60)"
    )
    words = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        try:
            yield parent
        finally:
            parent.kill()


def test_a_server_that_outlived_a_killed_parent_is_taken_over(postgres: Postgres) -> None:
    with started_by_another(postgres.folder) as parent:
        parent.kill()
    orphans = postgres._leaders()
    assert orphans
    postgres.start()
    assert postgres._leaders() == orphans
    postgres.stop()
    assert not postgres.is_running()


def test_a_dead_server_that_its_parent_has_not_buried_comes_back(postgres: Postgres) -> None:
    with started_by_another(postgres.folder):
        postgres.kill()
        postgres.start()
        assert postgres.is_running()


def test_a_server_that_no_longer_answers_is_replaced(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.backing.server.HEALTHY_WITHIN", 0.5)
    postgres.start()
    stuck = postgres._leaders()
    process.tell(stuck, signal.SIGSTOP)
    postgres.start()
    assert postgres._leaders() != stuck
    postgres.create_database("catalog")
