"""A `saoluu` command as a process that dies without warning and comes back."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Program:
    """One process of the system; its output goes on in the same log after every death."""

    words: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it; that it is launched does not mean that it answers yet."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).parent / "saoluu"), *self.words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Say whether it runs, be it only just launched."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Take it away at once; it must have been alive."""
        assert self.process is not None
        assert self.process.poll() is None, f"it died by itself: {self.log.read_text()[-2000:]}"
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask_to_end(self) -> None:
        """Tell it to end, as an operator would."""
        if self.process is not None and self.is_alive():
            self.process.terminate()

    def await_end(self) -> None:
        """Wait until it has ended."""
        if self.process is not None:
            self.process.wait(60)
