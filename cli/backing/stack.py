"""The three servers of the full mode together, and the settings that lead the services to them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.rights import SCRUBBER, STORE_RIGHTS, environment_of
from cli.backing.seaweed import Seaweed
from services.embedded import SERVICES, STORES


class Stack:
    """PostgreSQL, RabbitMQ and SeaweedFS in three folders below one."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        """Take a folder; `fsync` is that of PostgreSQL."""
        self.postgres = Postgres(folder / "postgres", fsync=fsync)
        self.rabbitmq = RabbitMq(folder / "rabbitmq", services=SERVICES)
        self.seaweed = Seaweed(folder / "seaweed", rights=STORE_RIGHTS)
        self.servers = (self.postgres, self.rabbitmq, self.seaweed)

    def start(self) -> Self:
        """Start all at the same time and make the buckets; when one fails all are stopped and its error is raised.

        Raises BackingMissing, NotReady, StoreUnavailable.
        """
        try:
            with ThreadPoolExecutor(len(self.servers), thread_name_prefix="backing") as pool:
                for started in [pool.submit(server.start) for server in self.servers]:
                    started.result()
            for place in STORES:
                self.seaweed.make_bucket(place)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop all at the same time, each of them also when another one cannot be stopped."""
        with ExitStack() as endings, ThreadPoolExecutor(len(self.servers), thread_name_prefix="backing") as pool:
            for stopped in [pool.submit(server.stop) for server in self.servers]:
                endings.callback(stopped.result)

    def environment(self, service: str) -> dict[str, str]:
        """Make a service's database, and give the variables that it reads in the full mode, with keys of its own.

        The scrubber has a name of its own here, and the database of ingest.

        `<SERVICE>_DATABASE_URL`, `BUS_URL`, and `STORE_<PLACE>_URL` for the stores it works with. Raises NotRunning.
        """
        owner = "ingest" if service == SCRUBBER else service
        return environment_of(
            service,
            database_url=self.postgres.create_database(owner),
            bus_url=self.rabbitmq.url_of(owner),
            store_url=lambda place: self.seaweed.url(place, service),
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
