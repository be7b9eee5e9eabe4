"""The running system that the demo acts on: one process, or all services with real backing services."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cli.language import say

STARTS_WITHIN = 90.0
SETUP_LINK = re.compile(r"setup link: \S+#token=(\S+)")


class SystemFailed(Exception):
    """The system did not come up; the text says where its log is."""


@dataclass(frozen=True, slots=True)
class System:
    """A running system: where it is, the one-time token of its first start, and each service's settings."""

    url: str
    setup_token: str
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@contextmanager
def embedded(data: Path) -> Iterator[System]:
    """Run everything in one process on a data folder, and stop it at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = data / "system.log"
    with running(["up", "--data", str(data), "--port", str(port)], log, {}):
        wait_for(f"{url}/identity/livez", log)
        yield System(url, setup_token(log))


@contextmanager
def running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run `saoluu COMMAND` until the block ends, its output in a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program with arguments of our own making
            [sys.executable, "-c", "from cli.main import run; run()", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment},
            cwd=Path(__file__).parents[2],
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, log: Path) -> None:
    """Wait until an address answers. Raises SystemFailed with the end of the log."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemFailed(
        say("hệ thống không khởi động được", "the system did not start")
        + f": {url}\n{log}:\n{log.read_text(errors='replace')[-2000:]}"
    )


def setup_token(log: Path) -> str:
    """Read the setup link of the first start out of the log, as the person who started the system would."""
    found = SETUP_LINK.findall(log.read_text(errors="replace"))
    if not found:
        raise SystemFailed(
            say(
                f"{log}: không có liên kết thiết lập; cần thư mục dữ liệu mới",
                f"{log}: no setup link; the demo needs a fresh data folder",
            )
        )
    return str(found[-1])


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
