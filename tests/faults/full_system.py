"""The full system: servers and services of its own, each of which can be killed alone."""

import socket
from pathlib import Path

from cli.backing.gateway import Gateway
from cli.backing.stack import Stack
from cli.demo.system import free_port, wait_for
from services.embedded import SERVICES, folder_of
from shared.migrating import migrate
from tests.faults.places import Places
from tests.faults.program import Program


class Full:
    """One process a service on real PostgreSQL, RabbitMQ and S3, behind a gateway."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = Stack(folder / "backing")
        self.ports = {name: free_port() for name in SERVICES}
        self.gateway = Gateway(folder / "gateway", self.ports)
        self.environments: dict[str, dict[str, str]] = {}
        self.programs: dict[str, Program] = {}

    @property
    def url(self) -> str:
        """Give the one address."""
        return self.gateway.url

    @property
    def log(self) -> Path:
        """Give the log that holds the setup link."""
        return self.log_of("identity")

    @property
    def places(self) -> Places:
        """Give where its databases and its pages are."""
        databases = {name: self.environments[name][f"{name.upper()}_DATABASE_URL"] for name in SERVICES}
        return Places(databases, self.environments["ingest"]["STORE_INCOMING_URL"])

    @property
    def logs(self) -> list[Path]:
        """Give where the services write."""
        return [self.log_of(name) for name in SERVICES]

    def log_of(self, service: str) -> Path:
        """Give where a service writes."""
        return self.folder / f"{service}.log"

    def start(self) -> None:
        """Start servers, gateway and services, and wait until all answer."""
        self.stack.start()
        self.gateway.start()
        common = {
            "IDENTITY_KEYS_URL": f"http://127.0.0.1:{self.ports['identity']}/identity/keys",
            "IDENTITY_PUBLIC_URL": self.url,
        }
        self.environments = {name: {**common, **self.stack.environment(name)} for name in SERVICES}
        for name in SERVICES:
            migrate(folder_of(name), self.environments[name][f"{name.upper()}_DATABASE_URL"])
        for name in SERVICES:
            words = ["serve", name, "--port", str(self.ports[name])]
            self.programs[name] = Program(words, self.log_of(name), self.environments[name])
            self.programs[name].start()
        for name in SERVICES:
            wait_for(f"{self.url}/{name}/livez", self.log_of(name))

    def is_listening(self, service: str) -> bool:
        """Say whether a service is at work: it listens once it has opened all it needs."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.ports[service])) == 0

    def stop(self) -> None:
        """End the services as an operator would, and then the servers at once: their data is not needed again."""
        for program in self.programs.values():
            program.ask_to_end()
        for program in self.programs.values():
            program.await_end()
        for server in (self.gateway, *self.stack.servers):
            server.kill()
