"""Run every measurement and print figures and ratios with the machine they were taken on."""

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.catalog_import import measure_catalog_import
from bench.checking import measure_checking
from bench.desk import measure_desk
from bench.event_path import measure_event_path
from bench.journey import measure_journey
from bench.looking import measure_looking
from bench.memory import measure_memory
from bench.reading import measure_reading
from bench.scrubbing import measure_scrubbing
from bench.uploading import measure_full_uploading, measure_uploading

MEASUREMENTS = (
    measure_uploading,
    measure_full_uploading,
    measure_memory,
    measure_event_path,
    measure_looking,
    measure_checking,
    measure_desk,
    measure_catalog_import,
    measure_journey,
    measure_scrubbing,
    measure_reading,
)


async def main() -> None:
    """Measure what is named on the command line, all if nothing is, and print."""
    names = sys.argv[1:]
    chosen = [each for each in MEASUREMENTS if not names or each.__name__.removeprefix("measure_") in names]
    cores = len(os.sched_getaffinity(0))
    print(f"{platform.platform()}, Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="saoluu-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as a user of its own for root
        for measure in chosen:
            place = Path(folder).resolve() / measure.__name__
            place.mkdir(mode=0o711)
            for line in await measure(place):
                print(line)
                sys.stdout.flush()


asyncio.run(main())
