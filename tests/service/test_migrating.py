"""A database that was just made can be opened by everyone at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from shared.sqlite import strict_connection
from tests.grounds import migrated_file

AT_ONCE = 4
ROUNDS = 100  # a file without its write-ahead log fails about one round in ten


def test_connections_that_open_a_new_database_together_never_find_it_locked(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        file = tmp_path / f"{number}.db"
        file.write_bytes(migrated_file("catalog"))
        together = Barrier(AT_ONCE)

        def open_and_read(file: Path = file, together: Barrier = together) -> str:
            together.wait()
            connection = strict_connection(str(file), timeout=10)
            mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
            connection.close()
            return mode

        with ThreadPoolExecutor(AT_ONCE) as people:
            modes = [people.submit(open_and_read) for _ in range(AT_ONCE)]
        assert [mode.result() for mode in modes] == ["wal"] * AT_ONCE
