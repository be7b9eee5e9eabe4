"""Patience with an outage: pauses that grow from try to try, and an end to them."""

import asyncio
import time
from collections.abc import Callable

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
Told = Callable[[Exception], None]


class Patience:
    """Waits between the tries of one thing, for at most `seconds` altogether (which may be infinite).

    `told` hears of the outage before each pause.
    """

    def __init__(self, seconds: float, told: Told = lambda _: None) -> None:
        self._told = told
        self._deadline = time.monotonic() + seconds
        self._pause = FIRST_PAUSE

    async def wait(self, outage: Exception, at_least: float = 0.0) -> None:
        """Wait before the next try, `at_least` that many seconds. Raises `outage` when no time is left for one."""
        pause = max(self._pause, at_least)
        if time.monotonic() + pause > self._deadline:
            raise outage
        self._told(outage)
        await asyncio.sleep(pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
