"""What a server's folder remembers: its ports and secrets, made once, so that a restart answers to the same URL."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cli.backing.lock import locked
from cli.backing.private_file import write_private

Kept = TypeVar("Kept", str, int)


class Memory:
    """A small file that only its owner can read (mode 0600); several processes may use it at the same time."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "memory.json"
        self._lock = folder / ".memory.lock"

    def secret(self, name: str) -> str:
        """Give a password of 32 hexadecimal digits, the same one at every call."""
        return self._recall("secrets", (name,), lambda: [secrets.token_hex(16)])[0]

    def ports(self, names: tuple[str, ...], choose: Callable[[], list[int]]) -> dict[str, int]:
        """Give the ports of these names; `choose` is asked for as many numbers when there are none yet."""
        return dict(zip(names, self._recall("ports", names, choose), strict=True))

    def _recall(self, shelf: str, names: tuple[str, ...], make: Callable[[], list[Kept]]) -> list[Kept]:
        with locked(self._lock):
            everything = json.loads(self._file.read_bytes()) if self._file.exists() else {}
            known = everything.setdefault(shelf, {})
            if not all(name in known for name in names):
                known.update(zip(names, make(), strict=True))
                self._write(json.dumps(everything, indent=2))
            return [known[name] for name in names]

    def _write(self, text: str) -> None:
        """Replace the file whole: a crash leaves the old one or the new one."""
        fresh = self._file.with_suffix(".new")
        write_private(fresh, text)
        fresh.replace(self._file)
