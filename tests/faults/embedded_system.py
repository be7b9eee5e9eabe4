"""The embedded system as one process that can be killed."""

from pathlib import Path

from cli.demo.system import free_port, wait_for
from services.embedded import SERVICES, embedded_settings
from tests.faults.places import Places
from tests.faults.program import Program


class Embedded:
    """Everything in one process, which comes back on the same port and data."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "system"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "system.log"
        self.program = Program(["up", "--data", str(self.data), "--port", str(port)], self.log)

    @property
    def places(self) -> Places:
        """Give where its databases and its pages are."""
        return places_below(self.data)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.program.start()
        wait_for(f"{self.url}/identity/livez", self.log)

    def stop(self) -> None:
        """End it as an operator would."""
        self.program.ask_to_end()
        self.program.await_end()


def places_below(data: Path) -> Places:
    """Give where an embedded system keeps what it knows below its data folder."""
    databases = {name: embedded_settings(name, data)["database_url"] for name in SERVICES}
    return Places(databases, embedded_settings("ingest", data)["store_incoming_url"])
