"""PostgreSQL databases for tests, made quickly: each is a copy of one that was migrated once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import make_url

from cli.backing.postgres import Postgres
from services.embedded import folder_of
from shared.migrating import migrate


class Databases:
    """The databases of one server: to copy one takes a tenth of the time that migrating takes."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._templates: dict[str, str] = {}

    def migrated(self, service: str) -> str:
        """Give the URL of a new database in the newest shape of a service; its role is that of all copies."""
        role = f"template_{service}"
        if service not in self._templates:
            url = self._server.create_database(role)
            migrate(folder_of(service), url)
            self._templates[service] = url
        name = f"t{uuid4().hex}"
        self._tell(f'CREATE DATABASE "{name}" OWNER "{role}" TEMPLATE "{role}"')
        return make_url(self._templates[service]).set(database=name).render_as_string(hide_password=False)

    def empty(self) -> str:
        """Give the URL of a new database without any table."""
        return self._server.create_database(f"t{uuid4().hex}")

    def drop(self, urls: Iterable[str]) -> None:
        """Take databases away again, used or not."""
        self._tell("\n".join(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE);' for url in urls))

    def files(self) -> Iterator[Path]:
        """Give every file of the server, with everything in them that was written until now: tables, journal, log."""
        self._tell("CHECKPOINT")
        return (path for path in self._server.folder.rglob("*") if path.is_file())

    def _tell(self, script: str) -> None:
        done = self._server._ask(script)
        assert done.returncode == 0, done.stderr
