"""Run every measurement and print figures and ratios with the machine they were taken on."""

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.event_path import measure_event_path
from bench.looking import measure_looking
from bench.uploading import measure_uploading


async def main() -> None:
    """Measure and print."""
    cores = len(os.sched_getaffinity(0))
    print(f"{platform.platform()}, Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="saoluu-bench-") as folder:
        for measure in (measure_uploading, measure_event_path, measure_looking):
            place = Path(folder) / measure.__name__
            place.mkdir()
            for line in await measure(place):
                print(line)
                sys.stdout.flush()


asyncio.run(main())
