"""The full system for the demo: real PostgreSQL, RabbitMQ and S3, one process a service, a gateway before them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cli.backing.gateway import Gateway
from cli.backing.rights import SCRUBBER
from cli.backing.stack import Stack
from cli.demo.system import System, free_port, running, setup_token, wait_for
from services.embedded import SERVICES, folder_of
from shared.migrating import migrate


@contextmanager
def full(data: Path) -> Iterator[System]:
    """Run every service as a process of its own on real backing services, and stop all of it at the end."""
    with ExitStack() as stack:
        backing = Stack(data / "backing")
        stack.callback(backing.stop)
        backing.start()
        ports = {name: free_port() for name in SERVICES}
        gateway = stack.enter_context(Gateway(data / "gateway", ports))
        common = {
            "IDENTITY_KEYS_URL": f"http://127.0.0.1:{ports['identity']}/identity/keys",
            "IDENTITY_PUBLIC_URL": gateway.url,
        }
        environments = {name: {**common, **backing.environment(name)} for name in SERVICES}
        for name in SERVICES:
            migrate(folder_of(name), environments[name][f"{name.upper()}_DATABASE_URL"])
        logs = {name: data / f"{name}.log" for name in SERVICES}
        for name in SERVICES:
            stack.enter_context(
                running(
                    ["serve", name, "--port", str(ports[name]), "--gateway", "127.0.0.1"],
                    logs[name],
                    environments[name],
                )
            )
        scrubbing = {**common, **backing.environment(SCRUBBER)}
        stack.enter_context(running(["scrub"], data / "scrubber.log", scrubbing))
        for name in SERVICES:
            wait_for(f"{gateway.url}/{name}/livez", logs[name])
        yield System(gateway.url, setup_token(logs["identity"]), environments)
