"""RabbitMQ of our own: one broker with its own name service (epmd), cookie and accounts."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import httpx

from cli.backing import process
from cli.backing.accounts import bus_definitions
from cli.backing.private_file import write_private
from cli.backing.process import Launch
from cli.backing.server import Server

INSTALLED = Path("/usr/lib/rabbitmq/bin")  # what lies in /usr/sbin is a wrapper that changes user and folder
PACKAGE = "rabbitmq-server"
USER = "saoluu"
NODE = "saoluu@localhost"

CONFIGURATION = """\
listeners.tcp.local = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {prometheus}
load_definitions = {folder}/definitions.json
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
log.console = false
"""


class RabbitMq(Server):
    """A RabbitMQ broker on 127.0.0.1 with the management and Prometheus plugins.

    `services` have accounts of their own beside the one that may do everything.

    Beware of kill() within some five seconds of declaring a quorum queue: the queue may then never get a leader again.
    """

    name: ClassVar[str] = "RabbitMQ"
    port_names: ClassVar[tuple[str, ...]] = ("amqp", "management", "prometheus", "distribution", "epmd")

    def __init__(
        self, folder: Path, *, port: int | None = None, programs: Path | None = None, services: Sequence[str] = ()
    ) -> None:
        super().__init__(folder, port=port, programs=programs)
        self._services = services

    @property
    def url(self) -> str:
        """Where the one who may do everything connects: `amqp://user:password@127.0.0.1:port/`."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self.ports['amqp']}/"

    def url_of(self, service: str) -> str:
        """Where a service connects, with its own account."""
        return f"amqp://{service}:{self._password_of(service)}@127.0.0.1:{self.ports['amqp']}/"

    @property
    def management_url(self) -> str:
        """Where the HTTP API and its pages are, with the account: `http://user:password@127.0.0.1:port`."""
        return f"http://{USER}:{self._password}@127.0.0.1:{self.ports['management']}"

    @property
    def _password(self) -> str:
        return self.memory.secret("broker")

    def _password_of(self, service: str) -> str:
        return self.memory.secret(f"account {service}")

    def _program(self) -> Path:
        return self._find_program("rabbitmq-server", [INSTALLED], PACKAGE)

    def _leaders(self) -> set[int]:
        """Leave out the name service, which ends last."""
        return {pid for pid in super()._leaders() if process.name_of(pid) != "epmd"}

    def _launch(self) -> None:
        self._write_configuration()
        # Erlang would start a name service by itself, but as a daemon that belongs to nobody.
        epmd = self._find_program("epmd", [], PACKAGE)
        words: list[str | Path] = [epmd, "-port", str(self.ports["epmd"]), "-address", "127.0.0.1"]
        process.launch(Launch(words, self.folder, self._log), self.folder)
        process.launch(Launch([self._program()], self.folder, self._log, self._environment()), self.folder)

    def _write_configuration(self) -> None:
        """Write what the broker reads; secrets only into files that are ours alone."""
        cookie = self.memory.secret("cookie")
        definitions = bus_definitions(
            (USER, self._password), {name: self._password_of(name) for name in self._services}
        )
        write_private(self.folder / ".erlang.cookie", cookie, 0o400)
        write_private(self.folder / "rabbitmq.conf", CONFIGURATION.format(**self.ports, folder=self.folder))
        write_private(self.folder / "definitions.json", json.dumps(definitions))
        write_private(self.folder / "enabled_plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")
        write_private(self.folder / "advanced.config", "[].\n")

    def _environment(self) -> dict[str, str]:
        """Everything the broker would else look for in the system's folders, led into ours."""
        here = {
            "HOME": "",
            "RABBITMQ_CONFIG_FILE": "rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": "advanced.config",
            "RABBITMQ_CONF_ENV_FILE": "environment.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "enabled_plugins",
            "RABBITMQ_MNESIA_BASE": "data",
            "RABBITMQ_LOG_BASE": "log",
            "RABBITMQ_GENERATED_CONFIG_DIR": "generated",
            "RABBITMQ_SCHEMA_DIR": "schema",
            "RABBITMQ_PID_FILE": "broker.pid",
        }
        return {name: str(self.folder / place) for name, place in here.items()} | {
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.ports["epmd"]),
            "RABBITMQ_DIST_PORT": str(self.ports["distribution"]),
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the broker, rather than waiting beside it
        }

    def _is_ready(self) -> bool:
        check = f"{self.management_url}/api/health/checks/port-listener/{self.ports['amqp']}"
        try:
            return httpx.get(check, timeout=3, trust_env=False).is_success
        except httpx.TransportError:
            return False
