"""The three servers of the full mode together, and the settings that lead the services to them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from cli.backing.postgres import Postgres
from cli.backing.rabbitmq import RabbitMq
from cli.backing.seaweed import Seaweed

STORES = ("incoming", "derived", "archive", "reserve")


class Stack:
    """PostgreSQL, RabbitMQ and SeaweedFS in three folders below one."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        """Take a folder; `fsync` is that of PostgreSQL."""
        self.postgres = Postgres(folder / "postgres", fsync=fsync)
        self.rabbitmq = RabbitMq(folder / "rabbitmq")
        self.seaweed = Seaweed(folder / "seaweed")
        self.servers = (self.postgres, self.rabbitmq, self.seaweed)

    def start(self) -> Self:
        """Start all at the same time; when one fails the others are stopped and its error is raised.

        Raises BackingMissing, NotReady.
        """
        try:
            with ThreadPoolExecutor(len(self.servers), thread_name_prefix="backing") as pool:
                for started in [pool.submit(server.start) for server in self.servers]:
                    started.result()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop all at the same time, each of them also when another one cannot be stopped."""
        with ExitStack() as endings, ThreadPoolExecutor(len(self.servers), thread_name_prefix="backing") as pool:
            for stopped in [pool.submit(server.stop) for server in self.servers]:
                endings.callback(stopped.result)

    def environment(self, services: Sequence[str]) -> dict[str, str]:
        """Make a database for each service and give the variables that full mode reads.

        `<SERVICE>_DATABASE_URL` for each, `BUS_URL`, and `STORE_<PLACE>_URL` for the four places. Raises NotRunning.
        """
        databases = {f"{name.upper()}_DATABASE_URL": self.postgres.create_database(name) for name in services}
        stores = {f"STORE_{place.upper()}_URL": self.seaweed.url(place) for place in STORES}
        return {**databases, "BUS_URL": self.rabbitmq.url, **stores}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
