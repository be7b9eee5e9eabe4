"""Wait for the background to finish something, as a person would who looks again and again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from cli.language import say

T = TypeVar("T")
PATIENCE = 1800.0


class DemoStuck(Exception):
    """Something did not happen in time."""


async def until(what: str, look: Callable[[], Awaitable[T | None]], patience: float = PATIENCE) -> T:
    """Look until there is something to see; looks less often the longer it takes. Raises DemoStuck."""
    started, pause = time.monotonic(), 0.05
    while True:
        seen = await look()
        if seen is not None:
            return seen
        if time.monotonic() - started > patience:
            raise DemoStuck(say(f"chờ quá lâu: {what}", f"waited too long for {what}"))
        await asyncio.sleep(pause)
        pause = min(pause * 1.3, 1.0)
