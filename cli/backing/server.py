"""A server in a private folder: started, found again, stopped and killed."""

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from cli.backing import ports, process
from cli.backing.errors import BackingMissing, NotReady
from cli.backing.lock import locked
from cli.backing.memory import Memory
from cli.language import say

READY_WITHIN = 90.0
HEALTHY_WITHIN = 5.0
GONE_WITHIN = 20.0


class Server(ABC):
    """What the three servers have in common; each says how to launch it and how to know that it is ready.

    The folder belongs to one server alone. It keeps ports, passwords and data, so that a later start, also by another
    process, is a restart of the same server. Processes outlive a parent that is killed: the next start in the folder
    takes them over when they answer, and ends them when they do not.
    """

    name: ClassVar[str]
    package_kind: ClassVar[str] = "Debian"
    port_names: ClassVar[tuple[str, ...]]
    port_beside: ClassVar[int] = 0
    farewell: ClassVar[signal.Signals] = signal.SIGTERM
    farewell_within: ClassVar[float] = 20.0

    def __init__(self, folder: Path, *, port: int | None = None, programs: Path | None = None) -> None:
        """Take a folder (made when absent), its main port (else a free one), and the only place of its programs."""
        self.folder = folder.absolute().resolve()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.memory = Memory(self.folder)
        self._port = port
        self._programs = programs
        self._log = self.folder / "console.log"
        self._lock = self.folder / ".lock"

    def start(self) -> Self:
        """Start the server, or take over the one that runs here already, and return once it is ready to work.

        Raises BackingMissing, NotReady (with the last lines of its log).
        """
        self._program()
        with locked(self._lock):
            if self._processes() and process.wait_until(self._is_ready, HEALTHY_WITHIN):
                return self
            self._end_now()
            for port in self.ports.values():
                ports.keep(port)
            try:
                self._launch()
                self._await_ready()
            except BaseException:
                self._end_now()
                raise
        return self

    def stop(self) -> None:
        """Ask the server to end, wait, and kill what is left; one that does not run is stopped already."""
        with locked(self._lock):
            process.tell(self._leaders(), self.farewell)
            process.wait_until(lambda: not self._leaders(), self.farewell_within)
            self._end_now()

    def kill(self) -> None:
        """Take the server away at once, as a power cut does (SIGKILL to all its processes); start() brings it back."""
        with locked(self._lock):
            self._end_now()

    def is_running(self) -> bool:
        """Say whether the server has a living process, ready or not."""
        return bool(self._leaders())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @cached_property
    def ports(self) -> dict[str, int]:
        """The ports by what they are for; chosen once for a folder."""
        return self.memory.ports(self.port_names, self._choose_ports)

    @abstractmethod
    def _program(self) -> Path:
        """Find the program, or raise BackingMissing."""

    @abstractmethod
    def _launch(self) -> None:
        """Write the configuration and launch the processes."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Say, within a few seconds, whether the server does its work."""

    def _processes(self) -> set[int]:
        """Find every living process of the server."""
        return process.marked(self.folder)

    def _leaders(self) -> set[int]:
        """Find those processes that are asked to end, and whose end is the end of the server."""
        return process.roots(self._processes())

    def _choose_ports(self) -> list[int]:
        given = [] if self._port is None else [self._port]
        return given + ports.choose(len(self.port_names) - len(given), beside=self.port_beside)

    def _end_now(self) -> None:
        """Kill until nobody is left: one that is dying may just have made a child."""

        def all_gone() -> bool:
            left = self._processes()
            process.tell(left, signal.SIGKILL)
            return not left

        if not process.wait_until(all_gone, GONE_WITHIN):
            raise NotReady(f"{self.name}: processes {self._processes()} cannot be killed")

    def _await_ready(self) -> None:
        if not process.wait_until(lambda: not self._leaders() or self._is_ready(), READY_WITHIN, every=0.05):
            raise NotReady(f"{self.name} did not answer within {READY_WITHIN:.0f} s\n{self._last_words()}")
        if not self._leaders():
            raise NotReady(f"{self.name} ended while starting\n{self._last_words()}")

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:]) if self._log.exists() else ""

    def _find_program(self, name: str, places: Sequence[Path], package: str) -> Path:
        """Find a program in the one place we were given, else in the usual places or on PATH."""
        on_path = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
        for place in [self._programs] if self._programs else [*places, *on_path]:
            if os.access(place / name, os.X_OK):
                return place / name
        raise BackingMissing(
            say(
                f"Thiếu {self.name} (chương trình {name}). Hãy cài gói {self.package_kind} {package}.",
                f"{self.name} is missing (program {name}). Install the {self.package_kind} package {package}.",
            ),
            package=package,
        )
