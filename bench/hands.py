"""More hands for the jobs of a service: `saoluu work SERVICE`, as many processes as are measured."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

SAOLUU = str(Path(sys.executable).with_name("saoluu"))


@asynccontextmanager
async def at_work(service: str, environment: Mapping[str, str], count: int) -> AsyncIterator[None]:
    """Let so many processes work for as long as the block lasts."""
    told = {**os.environ, **environment}
    running = [await asyncio.create_subprocess_exec(SAOLUU, "work", service, env=told) for _ in range(count)]
    try:
        yield
    finally:
        for each in running:
            each.send_signal(signal.SIGTERM)
        for each in running:
            await each.wait()
