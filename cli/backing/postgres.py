"""PostgreSQL of our own: one server, and in it one role and one database per service."""

import os
import re
import signal
import subprocess
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from cli.backing import cluster, process
from cli.backing.errors import NotRunning, UnusableName
from cli.backing.lock import locked
from cli.backing.process import Launch
from cli.backing.server import Server

INSTALLED = Path("/usr/lib/postgresql")
SYSTEM_USER = "postgres"
CONNECTIONS = 200
MOST_BUFFERS = 2048
USABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

MAKE_DATABASE = """
SELECT 'CREATE ROLE "{name}" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE "{name}" PASSWORD '{password}';
SELECT 'CREATE DATABASE "{name}" OWNER "{name}"'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec
REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC;
"""


class Postgres(Server):
    """A PostgreSQL server on 127.0.0.1, without a socket file, because a long folder name does not fit into one.

    It refuses to run as root: for root it runs as the system user `postgres`, who owns the data and need not be able
    to enter the folders above. `fsync=False` is quicker, and what is committed can be lost with the power.
    """

    name: ClassVar[str] = "PostgreSQL"
    port_names: ClassVar[tuple[str, ...]] = ("sql",)
    farewell: ClassVar[signal.Signals] = signal.SIGINT  # the fast way; at SIGTERM it would wait for its clients

    def __init__(
        self, folder: Path, *, port: int | None = None, programs: Path | None = None, fsync: bool = True
    ) -> None:
        super().__init__(folder, port=port, programs=programs)
        self._fsync = fsync
        self._data = self.folder / "data"
        self._user = SYSTEM_USER if os.geteuid() == 0 else None

    def create_database(self, name: str) -> str:
        """Make sure of a role and of a database that only this role may enter; give its SQLAlchemy URL (asyncpg).

        Raises UnusableName, NotRunning.
        """
        if not USABLE_NAME.fullmatch(name):
            raise UnusableName(name)
        password = self.memory.secret(f"role {name}")
        with locked(self._lock):
            done = self._ask(MAKE_DATABASE.format(name=name, password=password))
        if done.returncode:
            raise NotRunning(f"{self.name}: {done.stderr.strip()}")
        return f"postgresql+asyncpg://{name}:{password}@127.0.0.1:{self.ports['sql']}/{name}"

    @cached_property
    def _tag(self) -> str:
        """The cluster's name, which PostgreSQL writes into the title of each of its processes."""
        return "saoluu-" + self.memory.secret("cluster")

    def _processes(self) -> set[int]:
        return process.children(self.folder) | process.titled(b"postgres", self._tag.encode())

    def _leaders(self) -> set[int]:
        return process.children(self.folder) | process.titled(b"postgres", f"cluster_name={self._tag}".encode())

    def _program(self) -> Path:
        """Find the newest version, or for data that exists the version that made it."""
        made_by = self._data / "PG_VERSION"
        if made_by.exists():
            version = made_by.read_text().strip()
            return self._find_program("postgres", [INSTALLED / version / "bin"], f"postgresql-{version}")
        versions = sorted((int(found.name) for found in INSTALLED.glob("[0-9]*") if found.name.isdigit()), reverse=True)
        return self._find_program("postgres", [INSTALLED / str(found) / "bin" for found in versions], "postgresql")

    def _launch(self) -> None:
        program = self._program()
        if not self._data.exists():
            initdb, password = program.with_name("initdb"), self.memory.secret("superuser")
            cluster.make(self._data, initdb, password, user=self._user, fsync=self._fsync)
        # None of ours lives at this point, but PostgreSQL takes a dead postmaster that nobody reaped for a live one.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        settings = {
            "cluster_name": self._tag,
            "listen_addresses": "127.0.0.1",
            "port": str(self.ports["sql"]),
            "unix_socket_directories": "",
            "max_connections": str(CONNECTIONS),
            "fsync": "on" if self._fsync else "off",
            "shared_buffers": f"{buffers()}MB",
            "log_line_prefix": "%m [%p] %u@%d ",
        }
        words = [f"--{setting}={value}" for setting, value in settings.items()]
        with cluster.doorway(self._data) as (door, path):
            words = [str(program), "-D", path, *words]
            wanted = Launch(words, self._data, self._log, user=self._user, descriptors=[door])
            process.launch(wanted, self.folder)

    def _is_ready(self) -> bool:
        return self._ask("SELECT 1").returncode == 0

    def _ask(self, script: str) -> subprocess.CompletedProcess[str]:
        """Let psql run a script as the superuser."""
        session = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.ports["sql"]),
            "PGUSER": cluster.SUPERUSER,
            "PGDATABASE": "postgres",
            "PGPASSWORD": self.memory.secret("superuser"),
            "PGCONNECT_TIMEOUT": "2",
        }
        return subprocess.run(
            [self._program().with_name("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"],
            input=script,
            env=process.bare_environment() | session,
            capture_output=True,
            text=True,
            check=False,
        )


def buffers() -> int:
    """Give the megabytes in which PostgreSQL keeps pages at hand: a quarter of the machine's, as its manual advises.

    With the 128 it takes by itself, a search among a million dossiers copies most of what it reads.
    """
    return max(128, min(MOST_BUFFERS, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 // 4))
